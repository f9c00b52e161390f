import { keccak256 } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimStructHash, type ImageClaim } from "../../../src/claim/claim.ts";
import { foldLogs, type TimedLog } from "../../support/log-follower.ts";
import { type Account, acme, globex, RegistryBench, subject } from "../../support/registry.ts";
import { registryInterface } from "../../support/registry-interface.ts";

const day = 86_400;
const zero = `0x${"00".repeat(32)}`;
let bench: RegistryBench;
let governor: Account;
let admin: Account;
let honest: Account;
let thief: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  governor = bench.account(0);
  const acmes = await bench.admitAcme(2);
  admin = acmes.admin;
  [honest, thief] = acmes.signers as [Account, Account];
});
afterEach(() => bench.close());

const later = async (seconds: number) => bench.setNextTime((await bench.now()) + seconds);
const names = (events: readonly (readonly unknown[])[]) => events.map(([name]) => name);
const claimRevokedIn = async (recordId: string, claim: ImageClaim) => {
  const { claimRevocations, records } = await bench.reading({
    recordIds: [recordId],
    claimIds: [bench.idOf(claim)],
  });
  return [Number(claimRevocations[0]) !== 0, Number(records[0]?.[5]) !== 0];
};

describe("a signer revokes no other's record", () => {
  test("by approving it in the second in which it counted", async () => {
    const claim = await bench.claim();
    await bench.rpc("evm_setAutomine", false);
    const first = bench.submit(claim, honest);
    await new Promise((done) => setTimeout(done, 200));
    const second = bench.submit(claim, thief);
    await new Promise((done) => setTimeout(done, 200));
    await bench.rpc("evm_mine");
    await Promise.all([first, second]);
    await bench.rpc("evm_setAutomine", true);
    const [, times] = (await bench.read("approvalsOf", acme, bench.idOf(claim))) as [string[], bigint[]];
    expect(times[0]).toBe(times[1]);
    expect(await bench.revert(thief, "revokeClaim", acme, bench.idOf(claim), "")).toEqual([
      "NotAllowedToRevoke",
      acme,
      thief.address,
    ]);
    await bench.send(honest, "revokeClaim", acme, bench.idOf(claim), "");
  });

  test("by an own batch over a single claim", async () => {
    const claim = await bench.claim();
    await bench.submit(claim, honest);
    await bench.submitBatch([claim], thief);
    await bench.send(thief, "revokeClaimInBatch", acme, [claimStructHash(claim)], 0, "");
    expect(await claimRevokedIn(bench.idOf(claim), claim)).toEqual([false, false]);
    expect(await claimRevokedIn(bench.idOfBatch([claim]), claim)).toEqual([true, false]);
  });

  test("by an own single claim over a batch", async () => {
    const claim = await bench.claim();
    await bench.submitBatch([claim], honest);
    await bench.submit(claim, thief);
    await bench.send(thief, "revokeClaim", acme, bench.idOf(claim), "");
    expect(await claimRevokedIn(bench.idOfBatch([claim]), claim)).toEqual([false, false]);
    expect(await claimRevokedIn(bench.idOf(claim), claim)).toEqual([false, true]);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "by an admin, in every record");
    expect(await claimRevokedIn(bench.idOfBatch([claim]), claim)).toEqual([true, false]);
    expect((await bench.revert(admin, "revokeClaim", acme, bench.idOf(claim), ""))[0]).toBe(
      "ClaimAlreadyRevoked",
    );
  });

  test("by an own batch over a batch", async () => {
    const claim = await bench.claim();
    const other = await bench.claim({ tag: "other" });
    await bench.submitBatch([claim], honest);
    await bench.submitBatch([claim, other], thief);
    const hashes = [claim, other].map(claimStructHash);
    await bench.send(thief, "revokeClaimInBatch", acme, hashes, 0, "");
    expect(await claimRevokedIn(bench.idOfBatch([claim]), claim)).toEqual([false, false]);
    expect((await bench.revert(thief, "revokeClaimInBatch", acme, hashes, 0, ""))[0]).toBe(
      "ClaimAlreadyRevoked",
    );
  });
});

describe("what weakens an organisation waits for its delay", () => {
  beforeEach(async () => {
    await bench.send(admin, "setThreshold", acme, 2);
    await bench.send(admin, "addAdmin", acme, thief.address);
    await bench.send(admin, "setDelay", acme, 24);
  });

  const acts = () =>
    [
      ["setThreshold", acme, 1],
      ["setDelay", acme, 0],
      ["addSigner", acme, bench.account(9).address, ""],
      ["replaceSigner", acme, honest.address, bench.account(9).address],
      ["addAdmin", acme, bench.account(9).address],
      ["removeAdmin", acme, admin.address],
    ] as const;

  test("and is undone by another admin within it", async () => {
    const before = await bench.read("organisation", acme);
    for (const [name, ...args] of acts()) {
      expect(names(await bench.send(thief, name, ...args))).toEqual(["ActScheduled"]);
      expect((await bench.revert(thief, name, ...args))[0]).toBe("ActWaits");
    }
    expect(await bench.read("waitingActs", acme)).toHaveLength(6);
    const cancelled = await bench.send(admin, "cancelActs", acme, []);
    expect(names(cancelled)).toEqual(new Array(6).fill("ActCancelled"));
    await later(2 * day);
    for (const [name, ...args] of acts()) {
      expect(names(await bench.send(thief, name, ...args))).toEqual(["ActScheduled"]);
    }
    expect(await bench.read("organisation", acme)).toEqual(before);
  });

  test("and takes hold from its end to 14 days later", async () => {
    const [name, ...args] = acts()[0];
    const id = keccak256(registryInterface.encodeFunctionData(name, args));
    await bench.send(admin, name, ...args);
    const asked = await bench.now();
    await bench.setNextTime(asked + day - 1);
    expect(await bench.revert(admin, name, ...args)).toEqual(["ActWaits", id, BigInt(asked + day)]);
    await bench.setNextTime(asked + day);
    expect(names(await bench.send(thief, name, ...args))).toEqual(["ActExecuted", "ThresholdChanged"]);
    await bench.send(admin, "setThreshold", acme, 2);
    await bench.send(admin, name, ...args);
    const again = await bench.now();
    await bench.setNextTime(again + 15 * day + 1);
    expect(names(await bench.send(admin, name, ...args))).toEqual(["ActScheduled"]);
    expect((await bench.revert(admin, "cancelActs", acme, [zero]))[0]).toBe("UnknownAct");
    await bench.send(admin, "cancelActs", acme, [id]);
    expect(await bench.read("waitingActs", acme)).toEqual([]);
  });

  test("while a void, which strengthens, does not lower the threshold", async () => {
    expect(names(await bench.send(admin, "voidSigner", acme, thief.address, 0))).toEqual([
      "SignerVoided",
      "SignerRetired",
    ]);
    const [, , threshold] = (await bench.read("organisation", acme)) as unknown[];
    expect(threshold).toBe(2n);
  });
});

test("a pending claim is in no digest's index, and gets in when it counts", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  expect(names(await bench.submit(claim, thief))).toEqual(["RecordApproved", "ClaimProposed"]);
  const batch = [claim, await bench.claim({ tag: "b" })];
  expect(names(await bench.submitBatch(batch, thief))).toEqual([
    "RecordApproved",
    "ClaimProposed",
    "ClaimProposed",
  ]);
  const approval = await bench.approval(claim, honest);
  expect((await bench.revert(honest, "approve", acme, bench.idOf(claim), [approval]))[0]).toBe(
    "RecordPending",
  );
  expect(names(await bench.submit(claim, honest))).toEqual([
    "RecordApproved",
    "ClaimCounted",
    "SubjectClaimed",
    "RecordCounted",
  ]);
});

test("an approval is too old to make a record count after 30 days", async () => {
  await bench.send(admin, "setThreshold", acme, 2);
  const claim = await bench.claim();
  await bench.submit(claim, honest);
  const submission = await bench.submission(claim, [thief]);
  await bench.setNextTime(claim.issuedAt + 30 * day + 1);
  expect((await bench.revert(thief, "submitClaim", ...submission))[0]).toBe("IssuedTooLongAgo");
  await bench.setNextTime(claim.issuedAt + 30 * day + 2);
  expect((await bench.revert(thief, "submitBatch", [submission[0]], submission[1], [""]))[0]).toBe(
    "IssuedTooLongAgo",
  );
});

test("a bound signer approves nothing beside its prefix", async () => {
  const ci = bench.account(9);
  await bench.send(admin, "addSigner", acme, ci.address, "docker.io/acme/api");
  const inside = await bench.claim({ repository: "docker.io/acme/api/v2" });
  await bench.submit(inside, ci);
  for (const repository of ["docker.io/acme/apix", "docker.io/acme", "docker.io/acme/ap", "x"]) {
    const submission = await bench.submission(await bench.claim({ repository }), [ci]);
    expect(await bench.revert(ci, "submitClaim", ...submission)).toEqual(["SignerBound", acme, ci.address]);
  }
  const batch = await bench.batchSubmission(
    [inside, await bench.claim({ repository: "docker.io/acme" })],
    [ci],
  );
  expect((await bench.revert(ci, "submitBatch", ...batch))[0]).toBe("SignerBound");
  const counted = await bench.claim();
  await bench.submit(counted, honest);
  const approval = await bench.approval(counted, ci);
  expect((await bench.revert(ci, "approve", acme, bench.idOf(counted), [approval]))[0]).toBe("SignerBound");
  expect(names(await bench.submit(counted, ci))).toEqual(["RecordApproved"]);
  await bench.send(admin, "replaceSigner", acme, ci.address, bench.account(10).address);
  expect(await bench.read("signerPrefix", acme, bench.account(10).address)).toBe("docker.io/acme/api");
});

test("a suspended organisation counts nothing and keeps its records", async () => {
  const claim = await bench.claim();
  await bench.submit(claim, honest);
  await bench.send(governor, "suspendOrganisation", acme, "its keys are stolen");
  expect((await bench.reading()).suspended).toBe(true);
  const submission = await bench.submission(await bench.claim({ tag: "b" }), [honest]);
  expect(await bench.revert(honest, "submitClaim", ...submission)).toEqual(["Suspended", acme]);
  expect((await bench.state(claim)).validApprovals).toBe(1);
  expect((await bench.revert(admin, "restoreOrganisation", acme, ""))[0]).toBe("NotGovernor");
  await bench.send(governor, "restoreOrganisation", acme, "");
  expect((await bench.revert(governor, "restoreOrganisation", acme, ""))[0]).toBe("NotSuspended");
  await bench.send(honest, "submitClaim", ...submission);
});

test("the governor carves from the empty namespace, suspends and names a successor after its delay alone", async () => {
  await bench.send(governor, "addNamespace", acme, "");
  await bench.send(governor, "setDelay", zero, 48);
  const admission = ["globex", "", thief.address, true, ["docker.io/globex"]] as const;
  for (const [name, ...args] of [
    ["admitOrganisation", ...admission],
    ["suspendOrganisation", acme, ""],
    ["nameSuccessor", thief.address],
    ["setDelay", zero, 0],
  ] as const) {
    expect(names(await bench.send(governor, name, ...args))).toEqual(["ActScheduled"]);
  }
  await later(2 * day);
  await bench.send(governor, "admitOrganisation", ...admission);
  expect(await bench.read("ownerOf", "docker.io/globex/x")).toEqual([globex, "docker.io/globex"]);
  expect(await bench.read("ownerOf", "quay.io/y")).toEqual([acme, ""]);
  await bench.send(governor, "nameSuccessor", thief.address);
  expect((await bench.revert(governor, "nameSuccessor", admin.address))[0]).toBe("SuccessorNamedAlready");
  expect((await bench.revert(thief, "setDelay", zero, 720))[0]).toBe("NotGovernor");
});

test("the log tells of each act that is left out, altered or swapped", async () => {
  const claim = await bench.claim();
  await bench.submit(claim, honest);
  await bench.submitBatch([claim, await bench.claim({ tag: "b", subjects: [subject("b")] })], thief);
  const data = registryInterface.encodeFunctionData("setDisplayName", [acme, "x"]);
  const more = registryInterface.encodeFunctionData("addSigner", [acme, bench.account(9).address, "r.io"]);
  await bench.send(admin, "multicall", [data, more]);
  await bench.send(honest, "revokeClaim", acme, bench.idOf(claim), "r");
  await bench.send(admin, "voidSigner", acme, thief.address, 1);
  const raw = (await bench.rpc("eth_getLogs", { fromBlock: "0x0", address: bench.address })) as {
    topics: string[];
    data: string;
    blockNumber: string;
  }[];
  const logs: TimedLog[] = [];
  for (const { topics, data: text, blockNumber } of raw) {
    const block = (await bench.rpc("eth_getBlockByNumber", blockNumber, false)) as { timestamp: string };
    logs.push({ topics, data: text, time: Number(block.timestamp) });
  }
  const silent = ["ClaimProposed", "ClaimCounted", "SubjectClaimed"];
  const topicOf = (selector: string) => {
    const event = registryInterface.getEvent(selector);
    if (event === null || silent.includes(event.name)) return "none";
    const indexed = event.inputs.filter(({ indexed }) => indexed).map(({ name }) => name);
    const at = indexed.indexOf("organisation");
    return at < 0 || event.name === "OrganisationAdmitted" ? "governor" : at + 1;
  };
  for (const id of [acme, zero]) {
    const [acts, log] = (await bench.read("organisationLog", id)) as [bigint, string];
    expect(foldLogs(logs, topicOf).get(id)).toBe((BigInt(log) << 48n) | acts);
  }
  const [whole] = [foldLogs(logs, topicOf).get(acme)];
  const own = logs.flatMap((log, i) => (topicOf(log.topics[0] ?? "") === "none" ? [] : [i]));
  const acmes = own.filter(
    (i) => logs[i]?.topics.includes(acme) && topicOf(logs[i]?.topics[0] ?? "") !== "governor",
  );
  expect(acmes.length).toBeGreaterThan(10);
  for (const [n, i] of acmes.entries()) {
    expect(foldLogs(logs.toSpliced(i, 1), topicOf).get(acme)).not.toBe(whole);
    const log = logs[i] as TimedLog;
    expect(foldLogs(logs.with(i, { ...log, time: log.time + 1 }), topicOf).get(acme)).not.toBe(whole);
    const next = acmes[n + 1];
    if (next === undefined) continue;
    const swapped = logs.with(i, logs[next] as TimedLog).with(next, log);
    expect(foldLogs(swapped, topicOf).get(acme)).not.toBe(whole);
  }
});
