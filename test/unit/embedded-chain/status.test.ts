import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  isChainProcess,
  readProcessRecord,
  writeProcessRecord,
} from "../../../src/embedded-chain/process-record.ts";
import { toStatus } from "../../../src/embedded-chain/status.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

const record = {
  pid: 4321,
  instance: "a",
  chainId: 2016,
  genesisHash: `0x${"11".repeat(32)}`,
  url: "http://127.0.0.1:8545",
  done: 0,
  total: 0,
  tornBytes: 0,
};

const gigabyte = 1_073_741_824;

function warnings(answer: {
  blocks?: number;
  rss?: number;
  available?: number;
  heapUsed?: number;
}): readonly string[] {
  const { blocks = 10, rss = gigabyte, available = 7 * gigabyte, heapUsed = 1 } = answer;
  return toStatus(record, {
    head: { number: blocks, hash: "0x", timestamp: 1 },
    memory: { rss, available, heapUsed, heapLimit: gigabyte },
    replayMilliseconds: 30_000,
  }).warnings.map(String);
}

describe("a chain's status", () => {
  test("warns of nothing where there is nothing to warn of", () => {
    expect(warnings({})).toEqual([]);
  });

  test("warns before memory ends, the machine's or the process's own", () => {
    expect(warnings({ rss: 5 * gigabyte, available: 3 * gigabyte })).toHaveLength(1);
    expect(warnings({ heapUsed: 0.7 * gigabyte })).toHaveLength(1);
  });

  test("warns of a chain that has outgrown one machine", () => {
    expect(warnings({ blocks: 29_999 })).toEqual([]);
    expect(warnings({ blocks: 30_000 })).toHaveLength(1);
  });

  test("knows a process that does not answer, and one that is still starting", () => {
    expect(toStatus(record, undefined)).toMatchObject({ responding: false, head: undefined, rss: undefined });
    expect(toStatus(record, undefined).warnings).toHaveLength(1);
    const { url: _, ...starting } = record;
    expect(toStatus({ ...starting, done: 5, total: 9 }, undefined)).toMatchObject({
      url: undefined,
      replay: { done: 5, total: 9 },
      warnings: [],
    });
  });

  test("does not fall for an answer that is none", () => {
    expect(toStatus(record, { head: 5, journal: null, memory: { rss: "much" } })).toMatchObject({
      head: undefined,
      journalBytes: undefined,
      rss: undefined,
    });
  });
});

describe("process.json", () => {
  test("comes back as it was written", async () => {
    await using directory = await temporaryDirectory();
    expect(await readProcessRecord(directory.path)).toBeUndefined();
    await writeProcessRecord(directory.path, record);
    expect(await readProcessRecord(directory.path)).toEqual(record);
  });

  test.each([
    "",
    "null",
    "[]",
    "{",
    JSON.stringify({ ...record, pid: 0 }),
    JSON.stringify({ ...record, pid: -1 }),
    JSON.stringify({ ...record, pid: "1; rm" }),
    JSON.stringify({ ...record, url: "http://elsewhere.example:8545" }),
    JSON.stringify({ ...record, url: "http://127.0.0.1:8545@elsewhere.example" }),
    JSON.stringify({ ...record, done: -1 }),
  ])("is not believed when it is not one (%#)", async (text) => {
    await using directory = await temporaryDirectory();
    await writeFile(join(directory.path, "process.json"), text);
    expect(await readProcessRecord(directory.path)).toBeUndefined();
  });

  test("names no process that is another's", () => {
    // This one, which has no such argument, and one that cannot be.
    if (process.platform === "linux") expect(isChainProcess(process.pid, "/no/such/chain")).toBe(false);
    expect(isChainProcess(2 ** 30, "/no/such/chain")).toBe(false);
  });
});
