import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openChain } from "../../../src/embedded-chain/chain.ts";
import { newConfiguration } from "../../../src/embedded-chain/configuration.ts";
import { openEdrEngine } from "../../../src/embedded-chain/edr-engine.ts";
import type { Engine } from "../../../src/embedded-chain/engine.ts";
import { Journal } from "../../../src/embedded-chain/journal.ts";
import { openTestChain, probeCode, TestSender, temporaryDirectory } from "../../support/embedded-chain.ts";

/** The chain of a directory on an engine of which some part misbehaves. */
async function openWith(directory: string, change: (engine: Engine) => Partial<Engine>) {
  const fatal: unknown[] = [];
  const chain = await openChain({
    directory,
    chainId: undefined,
    openEngine: async (configuration) => {
      const engine = await openEdrEngine(configuration);
      const bound: Engine = {
        version: engine.version,
        genesis: () => engine.genesis(),
        check: (transaction) => engine.check(transaction),
        mine: (timestamp, transactions) => engine.mine(timestamp, transactions),
        synchroniseClock: () => engine.synchroniseClock(),
        request: (method, parameters) => engine.request(method, parameters),
      };
      return { ...bound, ...change(bound) };
    },
    onProgress: () => undefined,
    onFatal: (error) => fatal.push(error),
  });
  return { chain, fatal };
}

describe("a chain", () => {
  test("puts transactions that come together into few blocks, in the order of each sender", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const senders = Array.from({ length: 10 }, (_, index) => new TestSender(`group ${index}`));
    const raws: string[] = [];
    for (let round = 0; round < 12; round++) {
      for (const sender of senders)
        raws.push(await sender.sign({ to: sender.wallet.address, gasLimit: 1_000_000 }));
    }
    const hashes = await Promise.all(raws.map((raw) => chain.writer.submit(raw)));
    const counts = [...chain.journal.read()].map((record) => record.transactions.length);
    // 60 times what each may use is all that a block has room for.
    expect(counts).toEqual([60, 60]);
    for (const hash of hashes) {
      expect(await chain.rpc("eth_getTransactionReceipt", hash)).toMatchObject({ status: "0x1" });
    }
    expect(chain.defects).toEqual([]);
    await chain.close();
  });

  test("keeps its base fee at zero however full its blocks are", async () => {
    const engine = await openEdrEngine(newConfiguration(2016));
    const { timestamp } = await engine.genesis();
    for (let round = 0; round < 4; round++) {
      // An invalid instruction uses all the gas there is.
      const burners = [0, 1, 2, 3].map((index) => new TestSender(`burn ${round} ${index}`));
      const raws = await Promise.all(
        burners.map((sender) => sender.sign({ data: "0xfe", gasLimit: 15_000_000 })),
      );
      const block = await engine.mine(
        timestamp,
        raws.map((raw) => Buffer.from(raw.slice(2), "hex")),
      );
      expect(block.gasUsed).toBe(60_000_000);
      expect(await engine.request("eth_getBlockByNumber", ["latest", false])).toMatchObject({
        baseFeePerGas: "0x0",
      });
    }
  });

  test("never runs ahead of the clock, and stands still where the clock was set back", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const sender = new TestSender("clock");
    const sent: Promise<string>[] = [];
    for (let count = 0; count < 20; count++)
      sent.push(chain.writer.submit(await sender.sign({ data: "0x00" })));
    await Promise.all(sent);
    expect(chain.writer.head.timestamp).toBeLessThanOrEqual(Math.floor(Date.now() / 1000));
    const { head } = chain.writer;
    await chain.close();

    const ahead = head.timestamp + 3600;
    const journal = await Journal.open(join(directory.path, "journal"), chain.configuration);
    const raw = Buffer.from((await sender.sign({ data: probeCode })).slice(2), "hex");
    await journal.append({
      number: head.number + 1,
      parentHash: head.hash,
      timestamp: ahead,
      transactions: [raw],
    });
    journal.close();

    const again = await openTestChain(directory.path);
    await again.writer.submit(await sender.sign({ data: "0x00" }));
    expect(again.writer.head.timestamp).toBe(ahead);
    await again.close();
  });

  test("acknowledges and keeps nothing that its engine refuses to mine, and ends", async () => {
    await using directory = await temporaryDirectory();
    const { chain, fatal } = await openWith(directory.path, () => ({
      mine: () => Promise.reject(new Error("the engine broke")),
    }));
    const sender = new TestSender("fatal");
    const raw = await sender.sign({ data: "0x00" });
    await expect(chain.writer.submit(raw)).rejects.toMatchObject({ code: "BLOCK_FAILED" });
    expect(fatal).toHaveLength(1);
    await expect(chain.writer.submit(raw)).rejects.toMatchObject({ name: "EngineError" });
    chain.journal.close();
    const again = await openTestChain(directory.path);
    expect([again.writer.head.number, again.journal.tornBytes]).toEqual([0, 0]);
    await again.writer.submit(raw);
    await again.close();
  });

  test.each([
    ["another time", { timestamp: 1 }],
    ["another parent", { parentHash: `0x${"00".repeat(32)}` }],
    ["another number", { number: 7 }],
    ["a transaction missing", { transactions: [] }],
    ["another transaction", { transactions: [`0x${"00".repeat(32)}`] }],
  ])("acknowledges and keeps nothing of a block with %s", async (_, wrong) => {
    await using directory = await temporaryDirectory();
    const { chain, fatal } = await openWith(directory.path, (engine) => ({
      mine: async (timestamp, transactions) => ({
        ...(await engine.mine(timestamp, transactions)),
        ...wrong,
      }),
    }));
    const raw = await new TestSender("wrong").sign({ data: "0x00" });
    await expect(chain.writer.submit(raw)).rejects.toMatchObject({ code: "BLOCK_DIFFERS" });
    expect(fatal).toMatchObject([{ code: "BLOCK_DIFFERS" }]);
    chain.journal.close();
    const journal = await Journal.open(join(directory.path, "journal"), chain.configuration);
    expect(journal.records).toBe(0);
    journal.close();
  });

  test("is not opened where a block comes out otherwise than it did", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const sender = new TestSender("otherwise");
    for (let count = 0; count < 3; count++) await chain.writer.submit(await sender.sign({ data: "0x00" }));
    await chain.close();
    const other = openWith(directory.path, (engine) => ({
      mine: async (timestamp, transactions) => {
        const block = await engine.mine(timestamp, transactions);
        return { ...block, parentHash: block.number === 2 ? `0x${"11".repeat(32)}` : block.parentHash };
      },
    }));
    await expect(other).rejects.toMatchObject({ code: "JOURNAL_NOT_REPEATABLE" });
    const again = await openTestChain(directory.path);
    expect(again.writer.head).toEqual(chain.writer.head);
    await again.close();
  });

  test("writes what was admitted before it closes, and takes nothing after", async () => {
    await using directory = await temporaryDirectory();
    const chain = await openTestChain(directory.path);
    const sender = new TestSender("close");
    const first = chain.writer.submit(await sender.sign({ data: "0x00" }));
    await new Promise((resolve) => setTimeout(resolve, 5));
    const closing = chain.close();
    const late = chain.writer.submit(await sender.sign({ data: "0x00" }));
    await expect(late).rejects.toMatchObject({ name: "EngineError" });
    await closing;
    const outcome = await first.then(
      () => 1,
      () => 0,
    );
    const again = await openTestChain(directory.path);
    expect(again.writer.head.number).toBe(outcome);
    await again.close();
  });
});
