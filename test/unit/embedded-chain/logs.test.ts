import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { maximumLogs } from "../../../src/embedded-chain/logs.ts";
import {
  openTestChain,
  probeCode,
  type TestChain,
  TestSender,
  temporaryDirectory,
  words,
} from "../../support/embedded-chain.ts";

interface Log {
  readonly address: string;
  readonly topics: readonly string[];
  readonly blockNumber: string;
  readonly blockHash: string;
  readonly logIndex: string;
}

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let chain: TestChain;
let contracts: string[];
/** Every log of the chain, from the receipts. */
let all: Log[];
let blocks: string[];

const topic = (number: number) => words(number);

beforeAll(async () => {
  directory = await temporaryDirectory();
  chain = await openTestChain(directory.path);
  const sender = new TestSender("logs");
  const hashes: string[] = [];
  const send = async (fields: object) => hashes.push(await chain.writer.submit(await sender.sign(fields)));
  contracts = [];
  for (let index = 0; index < 2; index++) {
    await send({ data: probeCode });
    const receipt = await chain.rpc("eth_getTransactionReceipt", hashes.at(-1));
    contracts.push((receipt as { contractAddress: string }).contractAddress);
  }
  // Every number of topics, in every position the same few values.
  for (let index = 0; index < 60; index++) {
    const topics = Array.from({ length: index % 5 }, (_, position) => (index * (position + 3)) % 4);
    await send({ to: contracts[index % 2] ?? "", data: words(1000 + index, ...topics) });
  }
  all = [];
  blocks = [];
  for (const hash of hashes) {
    const receipt = (await chain.rpc("eth_getTransactionReceipt", hash)) as {
      logs: Log[];
      blockHash: string;
    };
    all.push(...receipt.logs);
    blocks.push(receipt.blockHash);
  }
});

afterAll(async () => {
  await chain.close();
  await directory[Symbol.asyncDispose]();
});

type Alternatives = string | string[] | null;

function matches(
  log: Log,
  filter: { address?: Alternatives; topics?: Alternatives[]; from: number; to: number },
): boolean {
  const holds = (value: string | undefined, alternatives: Alternatives | undefined): boolean => {
    if (alternatives === null || alternatives === undefined) return true;
    const list = typeof alternatives === "string" ? [alternatives] : alternatives;
    return list.length === 0 || (value !== undefined && list.includes(value));
  };
  const number = Number(log.blockNumber);
  const topics = filter.topics ?? [];
  return (
    number >= filter.from &&
    number <= filter.to &&
    holds(log.address, filter.address) &&
    topics.length <= log.topics.length &&
    topics.every((alternatives, position) => holds(log.topics[position], alternatives))
  );
}

describe("eth_getLogs", () => {
  test("finds logs with nought to four topics", () => {
    expect(new Set(all.map((log) => log.topics.length))).toEqual(new Set([1, 2, 3, 4]));
  });

  test("answers any filter as looking at every log would", async () => {
    const one = fc.constantFrom(0, 1, 2, 3, 7).map(topic);
    const alternatives = fc.oneof(fc.constant(null), one, fc.array(one, { maxLength: 3 }));
    const address = fc.oneof(
      fc.constant(null),
      fc.constantFrom(0, 1).map((index) => contracts[index] ?? ""),
      fc.constantFrom([0], [1], [0, 1], []).map((indexes) => indexes.map((index) => contracts[index] ?? "")),
    );
    const filters = fc.record({
      address,
      topics: fc.array(alternatives, { maxLength: 4 }),
      range: fc.tuple(fc.nat(70), fc.nat(70)).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) })),
    });
    await fc.assert(
      fc.asyncProperty(filters, async ({ address, topics, range }) => {
        const found = await chain.rpc("eth_getLogs", {
          address,
          topics,
          fromBlock: `0x${range.from.toString(16)}`,
          toBlock: `0x${range.to.toString(16)}`,
        });
        expect(found).toEqual(all.filter((log) => matches(log, { address, topics, ...range })));
      }),
      { numRuns: 300 },
    );
  });

  test("without a range looks at the latest block, with a block's hash at that one", async () => {
    const last = all.at(-1);
    expect(await chain.rpc("eth_getLogs", {})).toEqual([last]);
    const hash = blocks[20];
    expect(await chain.rpc("eth_getLogs", { blockHash: hash })).toEqual(
      all.filter((log) => log.blockHash === hash),
    );
  });

  test("refuses filters that are none", async () => {
    for (const filter of [
      null,
      [],
      { topics: "0x" },
      { topics: [1] },
      { topics: Array(5).fill(null) },
      { topics: [Array(101).fill(topic(1))] },
      { address: "0x12" },
      { fromBlock: "0x5", toBlock: "0x4" },
      { fromBlock: {} },
      { blockHash: blocks[1], fromBlock: "0x1" },
      { blockHash: "0x1" },
    ]) {
      await expect(chain.rpc("eth_getLogs", filter)).rejects.toMatchObject({ code: -32602 });
    }
  });

  test("refuses to give more than its limit and says so", async () => {
    await using own = await temporaryDirectory();
    const many = await openTestChain(own.path);
    const sender = new TestSender("many");
    // Init code that logs its 1,100 empty logs itself: LOG0 in a row.
    const logs = `0x${"5f5fa0".repeat(1_100)}00`;
    const count = Math.ceil((maximumLogs + 1) / 1_100);
    for (let index = 0; index < count; index++) {
      await many.writer.submit(await sender.sign({ data: logs, gasLimit: 1_000_000 }));
    }
    const everything = { fromBlock: "earliest", toBlock: "latest" };
    await expect(many.rpc("eth_getLogs", everything)).rejects.toMatchObject({ code: -32005 });
    expect(await many.rpc("eth_getLogs", { ...everything, toBlock: "0x1" })).toHaveLength(1_100);
    await many.close();
  });
});
