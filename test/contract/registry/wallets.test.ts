import { ContractFactory, Interface } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { toClaimStruct } from "../../../src/claim/claim.ts";
import { type Account, acme, RegistryBench } from "../../support/registry.ts";
import { compileSolidity, readSource } from "../../support/solidity.ts";

const path = "test/contract/solidity/doubles/Wallets.sol";
const doubles = compileSolidity({ [path]: readSource(path) });

let bench: RegistryBench;
let admin: Account;
let signers: Account[];
let relayer: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  relayer = bench.account(19);
  ({ admin, signers } = await bench.admitAcme(1));
});
afterEach(() => bench.close());

describe("an approval", () => {
  test("comes from contracts by EIP-1271", async () => {
    const claim = await bench.claim();
    const id = bench.idOf(claim);
    const wallet = await deployWallet(id);
    await bench.send(admin, "addSigner", acme, wallet, "");
    const other = toClaimStruct({ ...claim, tag: "other" });
    expect(await bench.revert(relayer, "submitClaim", other, [[wallet, "0x1234"]], "")).toEqual([
      "SignatureInvalid",
      wallet,
    ]);
    const events = await bench.send(relayer, "submitClaim", toClaimStruct(claim), [[wallet, "0x"]], "");
    expect(events).toContainEqual(["RecordApproved", id, acme, wallet]);
  });

  test("does not come from contracts that answer anything else", async () => {
    const struct = toClaimStruct(await bench.claim());
    for (const code of [
      "600160005260206000f3",
      "60006000f3",
      "60006000fd",
      "fe",
      "6316 26ba7e60e01b60005260036000f3",
    ]) {
      const wallet = await deployCode(code.replace(" ", ""));
      await bench.send(admin, "addSigner", acme, wallet, "");
      expect(await bench.revert(relayer, "submitClaim", struct, [[wallet, "0x12"]], "")).toEqual([
        "SignatureInvalid",
        wallet,
      ]);
    }
  });

  test("by a contract that burns all gas or answers at length spoils only what it is part of", async () => {
    const claim = await bench.claim();
    const struct = toClaimStruct(claim);
    const [signer] = signers as [Account];
    for (const code of ["5b600056", "620fffff6000f3", "620fffff6000fd"]) {
      const wallet = await deployCode(code);
      await bench.send(admin, "addSigner", acme, wallet, "");
      const approvals = [await bench.approval(claim, signer), [wallet, "0x12"]];
      expect(await bench.revert(relayer, "submitClaim", struct, approvals, "")).toEqual([
        "SignatureInvalid",
        wallet,
      ]);
    }
    await bench.submit(claim, signer);
    expect((await bench.state(claim)).approvals).toBe(1);
  });

  test("by a contract gives it no way back in", async () => {
    const claim = await bench.claim();
    const struct = toClaimStruct(claim);
    const wallet = await deploy("ReenteringWallet");
    await bench.send(admin, "addSigner", acme, wallet.address, "");
    const again = bench.contract.interface.encodeFunctionData("submitClaim", [
      struct,
      [[wallet.address, "0x"]],
      "",
    ]);
    await wallet.send("aim", bench.address, again);
    expect(await bench.revert(relayer, "submitClaim", struct, [[wallet.address, "0x"]], "")).toEqual([
      "SignatureInvalid",
      wallet.address,
    ]);
    // What the wallet tried has left nothing behind.
    await bench.send(relayer, "submitClaim", struct, [[wallet.address, "0x01"]], "");
    expect(await bench.state(claim)).toMatchObject({ approvals: 1, validApprovals: 1, threshold: 1 });
    const read = bench.contract.interface.encodeFunctionData("recordState", [acme, bench.idOf(claim)]);
    await wallet.send("aim", bench.address, read);
    const other = { ...struct, tag: "other" };
    expect(await bench.send(relayer, "submitClaim", other, [[wallet.address, "0x"]], "")).toHaveLength(4);
  });

  test("by a contract may be its own transaction", async () => {
    const claim = await bench.claim();
    const wallet = await deploy("PlainWallet");
    await bench.send(admin, "addSigner", acme, wallet.address, "");
    const data = bench.contract.interface.encodeFunctionData("submitClaim", [
      toClaimStruct(claim),
      [[wallet.address, "0x"]],
      "",
    ]);
    await wallet.send("act", bench.address, data);
    expect((await bench.state(claim)).threshold).toBe(1);
  });
});

describe("the governor", () => {
  const admission = ["globex", "", "0x00000000000000000000000000000000000000aa", false, ["docker.io/globex"]];

  test("may be a multisig's contract, which takes the place itself", async () => {
    const multisig = await deploy("PlainWallet");
    await bench.send(bench.account(0), "transferGovernor", multisig.address);
    const act = (name: string, ...args: unknown[]) =>
      multisig.send("act", bench.address, bench.contract.interface.encodeFunctionData(name, args));
    await act("acceptGovernor");
    expect(await bench.read("governor")).toBe(multisig.address);
    await act("admitOrganisation", ...admission);
    expect(await bench.read("organisations", 0, 10)).toEqual([["acme", "globex"], 2n]);
    await act("transferGovernor", relayer.address);
    await bench.send(relayer, "acceptGovernor");
    expect(await bench.read("governor")).toBe(relayer.address);
  });

  test("may be a timelock, whose acts come after their delay", async () => {
    const timelock = await deploy("Timelock");
    await bench.send(bench.account(0), "transferGovernor", timelock.address);
    for (const [name, args] of [
      ["acceptGovernor", []],
      ["admitOrganisation", admission],
    ] as const) {
      const data = bench.contract.interface.encodeFunctionData(name, args);
      await timelock.send("schedule", bench.address, data);
      await expect(timelock.send("execute", bench.address, data)).rejects.toThrow();
      await bench.setNextTime((await bench.now()) + 2 * 86_400);
      await timelock.send("execute", bench.address, data);
    }
    expect(await bench.read("ownerOf", "docker.io/globex/api")).toEqual([
      expect.stringMatching(/^0x/),
      "docker.io/globex",
    ]);
  });
});

/** Deploys one of the test doubles. */
async function deploy(name: string) {
  const double = doubles.get(name);
  if (double === undefined) throw new Error(`There is no ${name}.`);
  const contract = await new ContractFactory(double.abi, double.bytecode, relayer).deploy();
  await contract.waitForDeployment();
  const address = await contract.getAddress();
  const send = async (method: string, ...args: unknown[]): Promise<void> => {
    const data = Interface.from(double.abi).encodeFunctionData(method, args);
    await (await relayer.sendTransaction({ to: address, data, gasLimit: 10_000_000 })).wait();
  };
  return { address, send };
}

/** A contract that answers EIP-1271 for one hash alone: magic value << 224, times (hash asked == hash known). */
async function deployWallet(hash: string): Promise<string> {
  return deployCode(`631626ba7e60e01b7f${hash.slice(2)}600435140260005260206000f3`);
}

/** Deploys code as it is: the creation code copies what follows it. */
async function deployCode(code: string): Promise<string> {
  const size = (code.length / 2).toString(16).padStart(2, "0");
  const creation = `0x60${size}80600b6000396000f3${code}`;
  const contract = await new ContractFactory([], creation, bench.account(0)).deploy();
  await contract.waitForDeployment();
  return contract.getAddress();
}
