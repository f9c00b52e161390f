import { readFile } from "node:fs/promises";
import { Transaction, Wallet } from "ethers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { chainFiles } from "../../../src/embedded-chain/configuration.ts";
import { openTestChain, TestSender, temporaryDirectory } from "../../support/embedded-chain.ts";

const bytes = (maximum: number) =>
  fc.uint8Array({ maxLength: maximum }).map((data) => `0x${Buffer.from(data).toString("hex")}`);

/** Transactions of which most break some rule. */
const fields = fc.record({
  type: fc.constantFrom(0, 1, 2),
  chainId: fc.constantFrom(2016, 2016, 2016, 2016, 1, 0),
  nonceOffset: fc.constantFrom(0, 0, 0, 0, -1, 1, 1000, 2 ** 40),
  to: fc.constantFrom(null, `0x${"00".repeat(20)}`, `0x${"00".repeat(19)}02`, `0x${"11".repeat(20)}`),
  data: bytes(300),
  /** zero bytes after those: up to and beyond the longest creation code */
  padding: fc.constantFrom(...Array<number>(20).fill(0), 48_852, 49_152, 49_153),
  gasLimit: fc.oneof(
    fc.integer({ min: 20_000, max: 90_000 }),
    fc.constantFrom(300_000, 16_777_216, 16_777_217, 0),
  ),
  fee: fc.constantFrom(0, 0, 0, 0, 1, 2 ** 40),
  priority: fc.constantFrom(0, 0, 0, 1, 2 ** 41),
  value: fc.constantFrom(0, 0, 0, 1),
  keys: fc.nat(3),
});

describe("admission", () => {
  test("lets nothing through that the engine does not mine, and the journal of it can be executed again", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const sender = new TestSender("fuzz");
    let admitted = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(
        fields,
        async ({ type, nonceOffset, fee, priority, keys, to, data, padding, ...rest }) => {
          const storageKeys = Array.from(
            { length: keys },
            (_, key) => `0x${key.toString().padStart(64, "0")}`,
          );
          const raw = await sender.wallet.signTransaction({
            ...rest,
            data: data + "00".repeat(padding),
            ...(to === null ? {} : { to }),
            type,
            nonce: Math.max(0, sender.nonce + nonceOffset),
            ...(type === 2
              ? { maxFeePerGas: fee, maxPriorityFeePerGas: Math.min(fee, priority) }
              : { gasPrice: fee }),
            ...(type === 0 ? {} : { accessList: [{ address: `0x${"22".repeat(20)}`, storageKeys }] }),
          });
          try {
            const hash = await chain.writer.submit(raw);
            const receipt = await chain.rpc("eth_getTransactionReceipt", hash);
            expect(receipt).toMatchObject({ transactionHash: hash });
            // An exact repetition of one that was mined gives its hash again.
            if (Transaction.from(raw).nonce === sender.nonce) sender.nonce += 1;
            admitted += 1;
          } catch (error) {
            expect(error).toMatchObject({ name: "EngineError", message: expect.stringMatching(/./) });
            refused += 1;
          }
          expect(chain.defects).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
    expect(admitted).toBeGreaterThan(10);
    expect(refused).toBeGreaterThan(10);
    const { head } = chain.writer;
    await chain.close();
    const again = await openTestChain(directory.path);
    expect(again.writer.head).toEqual(head);
    await again.close();
  });

  test("lets no bytes through that are no transaction", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const signed = Buffer.from(
      (await Wallet.createRandom().signTransaction({ chainId: 2016, nonce: 0 })).slice(2),
      "hex",
    );
    const mutated = fc.tuple(fc.nat(signed.length - 1), fc.integer({ min: 1, max: 255 })).map(([at, by]) => {
      const copy = Buffer.from(signed);
      copy.writeUInt8(copy.readUInt8(at) ^ by, at);
      return copy;
    });
    const arbitrary = fc.oneof(mutated, fc.uint8Array({ minLength: 1, maxLength: 200 }));
    await fc.assert(
      fc.asyncProperty(arbitrary, async (data) => {
        const raw = `0x${Buffer.from(data).toString("hex")}`;
        await expect(chain.writer.submit(raw)).rejects.toMatchObject({ name: "EngineError" });
      }),
      { numRuns: 1000 },
    );
    expect(chain.writer.head.number).toBe(0);
    expect((await readFile(chainFiles(directory.path).journal)).length).toBe(84);
    await chain.close();
  });
});
