import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { getCreateAddress, Wallet } from "ethers";
import { expect, it } from "vitest";
import { readBlock } from "../../../src/contract/contract.ts";
import { connect } from "../../../src/network/connect.ts";
import { codeOf } from "../../support/errors.ts";
import { OwnChain } from "../../support/own-chain.ts";

it("a block that kills the engine is set aside, and the chain goes on with all that it acknowledged", async () => {
  await using chain = await OwnChain.start();
  const { home } = chain;
  const wallet = Wallet.createRandom();
  const send = async (nonce: number, more: object): Promise<string> => {
    const connection = await connect(home);
    try {
      const transaction = { chainId: 2016, nonce, gasLimit: 200_000, gasPrice: 0, type: 0, ...more };
      return await connection.rpc
        .call("eth_sendRawTransaction", await wallet.signTransaction(transaction))
        .then(String);
    } finally {
      connection.rpc.close();
    }
  };
  const head = async () => {
    const connection = await connect(home);
    const block = await readBlock(connection.rpc);
    connection.rpc.close();
    return block;
  };
  // A contract whose whole code is the byte 0x73, of which EDR 0.20.0 dies when it is called.
  await send(0, { data: "0x607360005360016000f3" });
  const to = getCreateAddress({ from: wallet.address, nonce: 0 });
  const before = await head();
  await expect(send(1, { to, data: "0x1234" })).rejects.toThrow();

  expect(await codeOf(() => chain.resume())).toBe("CHAIN_PROCESS_CRASHED");
  await chain.resume();
  expect(await head()).toEqual(before);
  const journal = join(home.chain, "journal");
  expect(existsSync(`${journal}.deadly-${before.number + 1}`)).toBe(true);
  // It takes blocks as before, and starts with them.
  await send(1, { to: wallet.address });
  await chain.pause();
  await chain.resume();
  expect((await head()).number).toBe(before.number + 1);

  // What had come out is never set aside, however often a start dies of something else.
  await chain.pause();
  const made = readFileSync(join(home.chain, "made"));
  expect(Number(made.readBigUInt64LE(0))).toBe(before.number + 1);
  made.writeBigUInt64LE(BigInt(before.number + 1), 8);
  writeFileSync(join(home.chain, "made"), made);
  await chain.resume();
  expect((await head()).number).toBe(before.number + 1);
});
