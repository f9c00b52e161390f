/**
 * Writes test/vectors/golden-journal: a journal of a few hundred blocks that touch much of what an engine may do differently,
 * and the hash of each block as today's engine makes it. An engine that makes others cannot open anybody's chain, so
 * this is to be run when the vectors are made to cover more, never to make a test pass.
 *
 *     node scripts/generate-golden-journal.ts
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { keccak256, type TransactionLike, toBeHex } from "ethers";
import { checkBlock } from "../src/embedded-chain/block-producer.ts";
import { chainFiles, newConfiguration, writeConfiguration } from "../src/embedded-chain/configuration.ts";
import { openEdrEngine } from "../src/embedded-chain/edr-engine.ts";
import { createJournal, Journal } from "../src/embedded-chain/journal.ts";
import { probeCode, TestSender, words } from "../test/support/embedded-chain.ts";

const directory = join(import.meta.dirname, "..", "test", "vectors", "golden-journal");
const blockCount = 400;

/** Creation code that returns the given code. */
function creation(...code: string[]): string {
  const runtime = code.join("").replaceAll(" ", "");
  const length = (runtime.length / 2).toString(16).padStart(4, "0");
  return `0x61${length}600e60003961${length}6000f3${runtime}`;
}

/** Stores what the block says of itself: time, number, randomness, fees, coinbase, gas limit, chain id, its parent's hash. */
const environment = creation(
  "42 5f 55 43 6001 55 44 6002 55 48 6003 55 41 6004 55",
  "45 6005 55 4a 6006 55 46 6007 55 6001 43 03 40 6008 55 30 6009 55 00",
);
/**
 * Creates two contracts by CREATE2 with the input's first word as salt: one that destroys itself at once, and one that stays, whose
 * code hash is stored.
 */
const factory = creation(
  "61 33ff 5f 52 5f35 6002 601e 5f f5 50",
  "67 60aa5f5360015ff3 5f 52 5f35 6008 6018 5f f5 3f 5f35 55 00",
);
/** Logs its input's SHA-256 and RIPEMD-160, and itself, from the precompiles. */
const hashes = creation(
  "36 5f 5f 37 6020 610100 36 5f 6002 5a fa 50 6020 610120 36 5f 6003 5a fa 50",
  "6020 610140 36 5f 6004 5a fa 50 610100 51 6060 610100 a1 00",
);

const configuration = { ...newConfiguration(2016), genesisTimestamp: 1_700_000_000 };
await rm(directory, { recursive: true, force: true });
await mkdir(directory, { recursive: true });
const files = chainFiles(directory);
const engine = await openEdrEngine(configuration);
let head = await engine.genesis();
const pinned = { ...configuration, genesisHash: head.hash };
await createJournal(files.journal, pinned);
await writeConfiguration(files.configuration, pinned);
const journal = await Journal.open(files.journal, pinned);

const senders = [0, 1, 2, 3, 4].map((index) => new TestSender(`golden ${index}`));
const contracts: string[] = [];
let drawn = 0;
/** Numbers that are the same at each run. */
function draw(below: number): number {
  drawn += 1;
  return Number(BigInt(keccak256(toBeHex(drawn, 32))) % BigInt(below));
}

function next(block: number): TransactionLike {
  const codes = [probeCode, environment, factory, hashes];
  if (block <= codes.length) return { data: codes[block - 1] ?? "0x", gasLimit: 1_000_000 };
  const [probe = "", env = "", make = "", hash = ""] = contracts;
  const kinds: TransactionLike[] = [
    { to: probe, data: words(draw(40), ...Array.from({ length: draw(5) }, () => draw(9))) },
    { to: probe, data: words(draw(1000)), type: 2, gasPrice: null, maxFeePerGas: 0, maxPriorityFeePerGas: 0 },
    { to: probe, data: words(1), type: 1, accessList: [{ address: probe, storageKeys: [words(1)] }] },
    { to: probe, data: "0x" },
    { to: probe, data: words(draw(50) + 2000), gasLimit: 23_000 },
    { to: env, data: "0x", gasLimit: 400_000 },
    { to: make, data: words(draw(10_000)) },
    { to: hash, data: words(draw(99), draw(99)) },
    { to: senders[draw(5)]?.wallet.address ?? "", data: `0x${"5a".repeat(draw(80))}` },
    { data: `0x${"fe".repeat(1 + draw(3))}` },
    { data: creation(`60${draw(250).toString(16).padStart(2, "0")} 5f 55 00`) },
  ];
  return kinds[draw(kinds.length)] ?? {};
}

const blocks = [head.hash];
let failed = 0;
let logs = 0;
for (let number = 1; number <= blockCount; number++) {
  const transactions: Uint8Array[] = [];
  for (let count = number <= 4 ? 1 : 1 + draw(3); count > 0; count--) {
    const sender = number <= 4 ? senders[0] : senders[draw(5)];
    const raw = await sender?.sign(next(number));
    transactions.push(Buffer.from((raw ?? "0x").slice(2), "hex"));
  }
  // Several blocks in a second, and days without one.
  const timestamp = head.timestamp + (draw(3) === 0 ? draw(200_000) : draw(2));
  const record = { number, parentHash: head.hash, timestamp, transactions };
  await journal.append(record);
  head = await engine.mine(timestamp, transactions);
  checkBlock(head, record);
  blocks.push(head.hash);
  for (const hash of head.transactions) {
    const receipt = await engine.request("eth_getTransactionReceipt", [hash]);
    const {
      contractAddress,
      status,
      logs: found,
    } = receipt as { contractAddress: string; status: string; logs: [] };
    if (number <= 4) contracts.push(contractAddress);
    failed += status === "0x1" ? 0 : 1;
    logs += found.length;
  }
}
journal.close();
await writeFile(join(directory, "blocks.json"), `${JSON.stringify(blocks, null, 1)}\n`);
console.log(`${journal.records} blocks, ${journal.bytes} bytes, ${logs} logs, ${failed} failed transactions`);
