import type { Log } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { claimStructHash } from "../../../src/claim/claim.ts";
import { foldLogs, organisationOf } from "../../support/log-reader.ts";
import { type Account, acme, globex, RegistryBench } from "../../support/registry.ts";

const governor = `0x${"00".repeat(32)}`;

let bench: RegistryBench;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
});
afterEach(() => bench.close());

/** Acts of every kind, some of them together in one transaction. */
async function live(): Promise<void> {
  const root = bench.account(0);
  const { admin, signers } = await bench.admitAcme(3);
  const [one, two, three] = signers as [Account, Account, Account];
  await bench.send(root, "admitOrganisation", "globex", "Globex", admin.address, true, [
    "",
    "docker.io/globex",
  ]);
  await bench.send(root, "addNamespace", acme, "docker.io/acme");
  const claim = await bench.claim();
  await bench.submit(claim, one, two);
  await bench.send(three, "approve", acme, bench.idOf(claim), [[three.address, "0x"]]);
  const batch = [await bench.claim({ tag: "a" }), await bench.claim({ tag: "b" })];
  await bench.submitBatch(batch, one);
  await bench.send(one, "revokeClaimInBatch", acme, batch.map(claimStructHash), 1, "wrong");
  const calls = await Promise.all(
    ["c", "d"].map(async (tag) =>
      bench.contract.interface.encodeFunctionData("submitClaim", [
        ...(await bench.submission(await bench.claim({ tag }), [two])),
      ]),
    ),
  );
  await bench.send(bench.account(19), "multicall", calls);
  await bench.send(two, "revokeClaim", acme, bench.idOf(claim), "mine");
  await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "all");
  await bench.send(admin, "revokeDigests", acme, [claimStructHash(claim), bench.idOf(claim)], "");
  await bench.send(admin, "setDisplayName", acme, "Acme");
  await bench.send(admin, "addAdmin", acme, one.address);
  await bench.send(admin, "removeAdmin", acme, one.address);
  await bench.send(admin, "replaceSigner", acme, one.address, bench.account(12).address);
  await bench.send(admin, "voidSigner", acme, two.address, 0);
  await bench.send(admin, "removeNamespace", acme, "docker.io/acme");
  await bench.send(admin, "setThreshold", acme, 2);
  await bench.send(admin, "setDelay", acme, 1);
  await bench.send(admin, "setThreshold", acme, 1);
  await bench.send(admin, "addAdmin", acme, two.address);
  await bench.setNextTime((await bench.now()) + 3600);
  await bench.send(admin, "setThreshold", acme, 1);
  await bench.send(admin, "cancelActs", acme, []);
  await bench.send(root, "suspendOrganisation", globex, "gone");
  await bench.send(root, "restoreOrganisation", globex, "back");
  await bench.send(root, "nameSuccessor", admin.address);
  await bench.send(root, "transferGovernor", admin.address);
  await bench.send(admin, "acceptGovernor");
}

async function logsOf(): Promise<{
  logs: Log[];
  nameOf: (log: Log) => string;
  timeOf: (log: Log) => number;
}> {
  const provider = bench.account(0).provider;
  const logs = (await provider?.getLogs({ address: bench.address, fromBlock: 0 })) ?? [];
  const times = new Map<number, number>();
  for (const { blockNumber } of logs) {
    times.set(blockNumber, (await provider?.getBlock(blockNumber))?.timestamp ?? 0);
  }
  return {
    logs,
    nameOf: (log) => bench.contract.interface.parseLog(log)?.name ?? "",
    timeOf: ({ blockNumber }) => times.get(blockNumber) ?? 0,
  };
}

const stateOf = async (id: string): Promise<unknown> => bench.read("organisationLog", id);

test("whoever has all events finds the state's log, of every organisation", async () => {
  await live();
  const { logs, nameOf, timeOf } = await logsOf();
  const folded = foldLogs(logs, nameOf, timeOf);
  for (const id of [acme, globex, governor]) {
    const { acts, log } = folded.get(id) ?? {};
    expect([acts, log]).toEqual(await stateOf(id));
    expect(acts).toBeGreaterThan(3n);
  }
  expect(folded.size).toBe(3);
  // Every kind of event was among them.
  const names = new Set(logs.map(nameOf));
  bench.contract.interface.forEachEvent(({ name }) => {
    if (name !== "ClaimProposed") expect(names).toContain(name);
  });
});

test("one act left out, altered, moved in time or swapped with the next is noticed", async () => {
  await live();
  const { logs, nameOf, timeOf } = await logsOf();
  const whole = foldLogs(logs, nameOf, timeOf);
  const differs = (changed: Log[], time = timeOf): boolean => {
    const folded = foldLogs(changed, nameOf, time);
    return [acme, globex, governor].some((id) => folded.get(id)?.log !== whole.get(id)?.log);
  };
  const belongsTo = (log: Log): string | undefined => organisationOf(log, nameOf(log));
  let swaps = 0;
  for (const [i, log] of logs.entries()) {
    if (belongsTo(log) === undefined) continue;
    expect(differs(logs.toSpliced(i, 1)), `${nameOf(log)} left out`).toBe(true);
    expect(differs(logs, (other) => timeOf(other) + (other === log ? 1 : 0))).toBe(true);
    const altered = Object.create(log, { data: { value: `${log.data}00` } }) as Log;
    expect(differs(logs.with(i, altered))).toBe(true);
    const next = logs[i + 1];
    if (next === undefined || belongsTo(next) !== belongsTo(log)) continue;
    expect(differs(logs.with(i, next).with(i + 1, log)), `${nameOf(log)} swapped`).toBe(true);
    swaps++;
  }
  expect(swaps).toBeGreaterThan(20);
});
