import { ContractFactory } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimDomain, claimStructHash, claimTypes, toClaimStruct } from "../../../src/claim/claim.ts";
import { type Account, acme, globex, RegistryBench, subject } from "../../support/registry.ts";
import { compileSolidity, readSource } from "../../support/solidity.ts";

const hour = 3600;
const day = 24 * hour;

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

async function mineTogether(...acts: (() => Promise<unknown>)[]): Promise<void> {
  await bench.rpc("evm_setAutomine", false);
  const sent = [];
  for (const act of acts) {
    sent.push(act());
    await new Promise((done) => setTimeout(done, 100));
  }
  await bench.rpc("evm_mine");
  await Promise.all(sent);
  await bench.rpc("evm_setAutomine", true);
}

describe("a signer revokes no record but its own", () => {
  test("A: having approved in the second in which it counted", async () => {
    const claim = await bench.claim();
    const id = bench.idOf(claim);
    await mineTogether(
      () => bench.submit(claim, author),
      async () => bench.send(thief, "approve", acme, id, [[thief.address, "0x"]]),
    );
    const [, times] = (await bench.read("approvalsOf", acme, id)) as [string[], bigint[]];
    expect(times).toHaveLength(2);
    expect(times[0]).toBe(times[1]);
    expect(await bench.revert(thief, "revokeClaim", acme, id, "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      thief.address,
    ]);
    await bench.send(author, "revokeClaim", acme, id, "mine");
    expect((await bench.state(claim)).revokedAt).not.toBe(0);
  });

  test("B: its own batch says nothing of another's single claim", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, author);
    await bench.submitBatch([claim], thief);
    await bench.send(thief, "revokeClaimInBatch", acme, [claimStructHash(claim)], 0, "");
    expect((await bench.state(claim)).revokedAt).toBe(0);
    const single = await bench.reading({ recordIds: [bench.idOf(claim)], claimIds: [bench.idOf(claim)] });
    expect(single.claimRevocations).toEqual([0n]);
    const batch = await bench.reading({
      recordIds: [bench.idOfBatch([claim])],
      claimIds: [bench.idOf(claim)],
    });
    expect(batch.claimRevocations[0]).not.toBe(0n);
  });

  test("C: its own single record says nothing of another's batch", async () => {
    const claim = await bench.claim();
    await bench.submitBatch([claim], author);
    await bench.submit(claim, thief);
    await bench.send(thief, "revokeClaim", acme, bench.idOf(claim), "");
    const batch = await bench.reading({
      recordIds: [bench.idOfBatch([claim])],
      claimIds: [bench.idOf(claim)],
    });
    expect(batch.claimRevocations).toEqual([0n]);
    expect(batch.records[0]?.[5]).toBe(0n);
    expect((await bench.state(claim)).revokedAt).not.toBe(0);
  });

  test("D: its own batch says nothing of another's batch", async () => {
    const claim = await bench.claim();
    const other = await bench.claim({ tag: "other" });
    await bench.submitBatch([claim], author);
    await bench.submitBatch([claim, other], thief);
    const hashes = [claim, other].map(claimStructHash);
    await bench.send(thief, "revokeClaimInBatch", acme, hashes, 0, "");
    const theirs = await bench.reading({
      recordIds: [bench.idOfBatch([claim])],
      claimIds: [bench.idOf(claim)],
    });
    expect(theirs.claimRevocations).toEqual([0n]);
  });

  test("and an admin's revocation of the id reaches all, and may follow a signer's", async () => {
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
});

describe("one stolen admin key", () => {
  test("weakens nothing before the delay, and another admin cancels", async () => {
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

  test("an act passes from its time on, for 14 days", async () => {
    await bench.send(admin, "setDelay", acme, 24);
    const act = ["addSigner", acme, bench.account(10).address, ""] as const;
    const [scheduled] = await bench.send(admin, ...act);
    const readyAt = Number(scheduled?.[4]);
    expect(readyAt).toBe((await bench.now()) + day);
    await bench.setNextTime(readyAt + 14 * day + 1);
    expect((await bench.send(admin, ...act)).map(([event]) => event)).toEqual(["ActScheduled"]);
    await bench.setNextTime((await bench.now()) + day);
    expect((await bench.send(admin, ...act)).map(([event]) => event)).toEqual(["ActExecuted", "SignerAdded"]);
  });

  test("a multicall is no way around the delay", async () => {
    await bench.send(admin, "setDelay", acme, 24);
    const data = bench.contract.interface.encodeFunctionData("addAdmin", [acme, thief.address]);
    expect((await bench.revert(admin, "multicall", [data, data]))[0]).toBe("ActWaits");
  });
});

test("a void leaves the threshold where it is", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  await bench.send(admin, "voidSigner", acme, thief.address, 0);
  expect((await bench.reading()).threshold).toBe(2n);
});

test("a pending claim is in no digest's index", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  const first = await bench.submit(claim, author);
  expect(first.map(([event]) => event)).toEqual(["RecordApproved", "ClaimProposed"]);
  const id = bench.idOf(claim);
  expect(await bench.revert(thief, "approve", acme, id, [[thief.address, "0x"]])).toEqual([
    "RecordPending",
    id,
  ]);
  const second = await bench.submit(claim, thief);
  expect(second.map(([event]) => event)).toEqual(
    expect.arrayContaining(["ClaimCounted", "SubjectClaimed", "RecordApproved", "RecordCounted"]),
  );
  expect(await bench.isHead(claim)).toBe(true);
});

test("an approval of long ago counts no more, at the boundary", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  await bench.submit(claim, author);
  const last = await bench.submission(claim, [thief]);
  const snapshot = await bench.rpc("evm_snapshot");
  await bench.setNextTime(claim.issuedAt + 30 * day + 1);
  expect((await bench.revert(bench.account(19), "submitClaim", ...last))[0]).toBe("IssuedTooLongAgo");
  await bench.rpc("evm_revert", snapshot);
  await bench.setNextTime(claim.issuedAt + 30 * day);
  await bench.send(bench.account(19), "submitClaim", ...last);
  expect((await bench.state(claim)).threshold).toBe(2);
});

test("a signer bound to a prefix approves claims below it alone", async () => {
  const bound = bench.account(10);
  await bench.send(admin, "addSigner", acme, bound.address, "docker.io/acme/api");
  for (const repository of ["docker.io/acme/api", "docker.io/acme/api/v2"]) {
    const claim = await bench.claim({ repository });
    await bench.submit(claim, bound);
    expect((await bench.state(claim)).threshold).toBe(1);
  }
  for (const repository of ["docker.io/acme/apievil", "docker.io/acme", "docker.io/acme/ap"]) {
    const claim = await bench.claim({ repository });
    const args = await bench.submission(claim, [bound]);
    expect(await bench.revert(bench.account(19), "submitClaim", ...args)).toEqual([
      "SignerBound",
      acme,
      bound.address,
    ]);
    const batch = await bench.batchSubmission([await bench.claim(), claim], [bound]);
    expect((await bench.revert(bench.account(19), "submitBatch", ...batch))[0]).toBe("SignerBound");
  }
  const counted = await bench.claim({ tag: "another" });
  await bench.submit(counted, author);
  const approval = await bench.approval(counted, bound);
  expect((await bench.revert(bound, "approve", acme, bench.idOf(counted), [approval]))[0]).toBe(
    "SignerBound",
  );
});

test("a suspended organisation records nothing until it is restored", async () => {
  await bench.send(bench.account(0), "suspendOrganisation", acme, "stolen");
  const claim = await bench.claim();
  const args = await bench.submission(claim, [author]);
  expect(await bench.revert(bench.account(19), "submitClaim", ...args)).toEqual(["Suspended", acme]);
  expect((await bench.reading()).suspended).toBe(true);
  await bench.send(bench.account(0), "restoreOrganisation", acme, "");
  await bench.submit(claim, author);
});

test("the governor's weighty acts wait for its delay, and plain admissions do not", async () => {
  const slow = await RegistryBench.deploy(31337, undefined, { delayHours: 48 });
  try {
    const governor = slow.account(0);
    const one = slow.account(1).address;
    await slow.send(governor, "admitOrganisation", "acme", "", one, true, [""]);
    await slow.send(governor, "admitOrganisation", "globex", "", one, true, []);
    for (const act of [
      ["suspendOrganisation", acme, ""],
      ["addNamespace", globex, "docker.io/globex"],
      ["nameSuccessor", one],
      ["setDelay", `0x${"00".repeat(32)}`, 0],
    ] as [string, ...unknown[]][]) {
      expect((await slow.send(governor, ...act)).map(([event]) => event)).toEqual(["ActScheduled"]);
    }
    expect((await slow.reading()).suspended).toBe(false);
    await slow.setNextTime((await slow.now()) + 48 * hour);
    await slow.send(governor, "addNamespace", globex, "docker.io/globex");
    expect(await slow.read("ownerOf", "docker.io/globex/x")).toEqual([globex, "docker.io/globex"]);
    expect(await slow.read("ownerOf", "quay.io/y")).toEqual([acme, ""]);
  } finally {
    await slow.close();
  }
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

test.each(["london", "shanghai", "cancun"])("one build runs on %s", async (hardfork) => {
  const chain = await RegistryBench.deploy(31337, undefined, { hardfork });
  try {
    const { signers } = await chain.admitAcme(1);
    const claim = await chain.claim();
    await chain.submit(claim, signers[0] as Account);
    expect(await chain.isHead(claim)).toBe(true);
  } finally {
    await chain.close();
  }
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
