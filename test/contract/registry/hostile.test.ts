import { ContractFactory } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimDomain, claimTypes, toClaimStruct } from "../../../src/claim/claim.ts";
import { type Account, acme, RegistryBench, subject } from "../../support/registry.ts";
import { compileSolidity, readSource } from "../../support/solidity.ts";

const hour = 3600;

let bench: RegistryBench;
let admin: Account;
let author: Account;
let thief: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const made = await bench.admitAcme(2);
  admin = made.admin;
  [author, thief] = made.signers as [Account, Account];
});
afterEach(() => bench.close());

test("an admin's revocation of an id reaches all records, and may follow a signer's", async () => {
  const claim = await bench.claim();
  await bench.submitBatch([claim], author);
  await bench.submit(claim, thief);
  await bench.send(thief, "revokeClaim", acme, bench.idOf(claim), "");
  await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "");
  const batch = await bench.reading({
    recordIds: [bench.idOfBatch([claim])],
    claimIds: [bench.idOf(claim)],
  });
  expect(batch.claimRevocations[0]).not.toBe(0n);
  expect(await bench.revert(admin, "revokeClaim", acme, bench.idOf(claim), "")).toEqual([
    "ClaimAlreadyRevoked",
    bench.idOf(claim),
  ]);
});

test("one stolen admin key weakens nothing by any act before the delay, and another admin cancels", async () => {
  const other = bench.account(9);
  await bench.send(admin, "addAdmin", acme, other.address);
  await bench.send(admin, "setThreshold", acme, 2);
  await bench.send(admin, "setDelay", acme, 24);
  for (const [name, ...args] of [
    ["addSigner", acme, bench.account(10).address, ""],
    ["setThreshold", acme, 1],
    ["addAdmin", acme, bench.account(11).address],
    ["removeAdmin", acme, admin.address],
    ["replaceSigner", acme, author.address, bench.account(12).address],
    ["setDelay", acme, 0],
  ] as [string, ...unknown[]][]) {
    const events = await bench.send(other, name, ...args);
    expect(events.map(([event]) => event)).toEqual(["ActScheduled"]);
    expect((await bench.revert(other, name, ...args))[0]).toBe("ActWaits");
  }
  expect(await bench.read("isSigner", acme, bench.account(10).address)).toBe(false);
  const cancelled = await bench.send(admin, "cancelActs", acme, []);
  expect(cancelled.map(([event]) => event)).toEqual(new Array(6).fill("ActCancelled"));
  await bench.setNextTime((await bench.now()) + 25 * hour);
  // It has to be asked for anew, and waits again.
  expect((await bench.send(other, "setThreshold", acme, 1))[0]?.[0]).toBe("ActScheduled");
});

test("a multicall is no way around the delay", async () => {
  await bench.send(admin, "setDelay", acme, 24);
  const data = bench.contract.interface.encodeFunctionData("addAdmin", [acme, thief.address]);
  expect((await bench.revert(admin, "multicall", [data, data]))[0]).toBe("ActWaits");
});

test("a kind of digest that the contract does not know is taken", async () => {
  const claim = await bench.claim({ subjects: [subject("x")] });
  const [struct] = await bench.submission(claim, [author]);
  const odd = { ...struct, subjects: [{ ...struct.subjects[0], kind: 200n }] };
  expect(await bench.send(author, "submitClaim", odd, [[author.address, "0x"]], "")).toContainEqual([
    "SubjectClaimed",
    expect.anything(),
    acme,
    expect.anything(),
    expect.anything(),
    200n,
  ]);
});

test("a wallet that changes its answer takes back no approval and holds up nobody", async () => {
  const path = "test/contract/solidity/doubles/FickleWallet.sol";
  const code = compileSolidity({ [path]: readSource(path) }).get("FickleWallet");
  if (code === undefined) throw new Error("The wallet did not compile.");
  const factory = new ContractFactory(code.abi, code.bytecode, bench.account(0));
  const wallet = await (await factory.deploy()).waitForDeployment();
  const address = await wallet.getAddress();
  const say = async (answer: string): Promise<void> => {
    await (await wallet.getFunction("say").send(answer)).wait();
  };
  await bench.send(admin, "addSigner", acme, address, "");
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  const [struct] = await bench.submission(claim, []);
  const relayer = bench.account(19);
  await say("0x1626ba7e");
  await bench.send(relayer, "submitClaim", struct, [[address, "0x12"]], "");
  await say("0x00000000");
  // It is there already, so it is not asked again.
  await bench.send(
    relayer,
    "submitClaim",
    struct,
    [[address, "0x12"], await bench.approval(claim, author)],
    "",
  );
  expect(await bench.state(claim)).toMatchObject({ threshold: 2, approvals: 2, validApprovals: 2 });
  const other = { ...struct, tag: "other" };
  expect(await bench.revert(relayer, "submitClaim", other, [[address, "0x12"]], "")).toEqual([
    "SignatureInvalid",
    address,
  ]);
});

test("approvals that a stranger sent first spoil no transaction", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  const both = await bench.submission(claim, [author, thief]);
  await bench.submit(claim, author);
  await bench.send(bench.account(18), "submitClaim", ...both);
  expect((await bench.state(claim)).threshold).toBe(2);
  // All of it once more changes nothing, not even the log.
  const before = await bench.read("organisationLog", acme);
  expect(await bench.send(bench.account(18), "submitClaim", ...both)).toEqual([]);
  expect(await bench.read("organisationLog", acme)).toEqual(before);
});

test("a signature for another salt is none", async () => {
  const claim = await bench.claim();
  const salt = `0x${"11".repeat(32)}` as const;
  const domain = claimDomain({ ...bench.place, salt });
  const signature = await author.signTypedData(domain, claimTypes, toClaimStruct(claim));
  expect(
    await bench.revert(
      bench.account(19),
      "submitClaim",
      toClaimStruct(claim),
      [[author.address, signature]],
      "",
    ),
  ).toEqual(["SignatureInvalid", author.address]);
  expect(((await bench.read("eip712Domain")) as unknown[])[5]).toBe(bench.place.salt);
});
