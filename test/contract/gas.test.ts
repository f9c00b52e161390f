import { Wallet } from "ethers";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ImageClaim } from "../../src/claim/claim.ts";
import { type Account, acme, RegistryBench, subject } from "../support/registry.ts";

// Bounds a little above what docs/gas.md says; bench/registry-gas.ts measures beside floors and peers.
let bench: RegistryBench;
let admin: Account;
let signer: Account;
let relayer: Account;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  const acmes = await bench.admitAcme(1);
  admin = acmes.admin;
  [signer] = acmes.signers as [Account];
  relayer = bench.account(19);
});
afterEach(() => bench.close());

const subjects = (seed: number) => [
  subject(`${seed} a`),
  subject(`${seed} b`, { kind: "manifest" }),
  subject(`${seed} c`, { kind: "index", platform: "" }),
];

test("a relayed claim with one signer writes three slots", async () => {
  const submission = await bench.submission(await bench.claim({ subjects: subjects(0) }), [signer]);
  const { hash, gasUsed } = await bench.transact(relayer, "submitClaim", [...submission]);
  const trace = (await bench.rpc("debug_traceTransaction", hash, {})) as { structLogs: { op: string }[] };
  expect(trace.structLogs.filter(({ op }) => op === "SSTORE")).toHaveLength(3);
  expect(gasUsed).toBeLessThan(126_500n);
});

test("a batch of 100 takes about half of that for each claim", async () => {
  const claim = await bench.claim();
  const claims = Array.from(
    { length: 100 },
    (_, i): ImageClaim => ({ ...claim, tag: `1.${i}`, subjects: subjects(i) }),
  );
  const submission = await bench.batchSubmission(claims, [signer]);
  const { gasUsed } = await bench.transact(relayer, "submitBatch", [...submission]);
  expect(gasUsed).toBeLessThan(6_700_000n);
});

test("the largest claim with the most signers is far below any block's bound", async () => {
  const wallets = Array.from({ length: 31 }, () => Wallet.createRandom());
  for (const { address } of wallets) await bench.send(admin, "addSigner", acme, address, "");
  await bench.send(admin, "setThreshold", acme, 32);
  const many = Array.from({ length: 64 }, (_, i) => subject(i, { platform: "p".repeat(64) }));
  const submission = await bench.submission(await bench.claim({ subjects: many }), [signer, ...wallets]);
  const { gasUsed } = await bench.transact(relayer, "submitClaim", [...submission]);
  expect(gasUsed).toBeLessThan(2_250_000n);
});
