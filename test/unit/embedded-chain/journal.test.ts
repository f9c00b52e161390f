import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createJournal, Journal } from "../../../src/embedded-chain/journal.ts";
import { fileHeaderBytes, type JournalRecord } from "../../../src/embedded-chain/journal-format.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

const identity = { chainId: 2016, genesisHash: `0x${"11".repeat(32)}` };

function record(number: number): JournalRecord {
  const hash = `0x${number.toString(16).padStart(64, "0")}`;
  const transactions = [Buffer.alloc(number * 7, number), Buffer.from([number])];
  return { number, parentHash: hash, timestamp: 1_700_000_000 + number, transactions };
}

/** A journal of three blocks, and where each of them begins. */
async function writeJournal(file: string): Promise<{ bytes: Buffer; ends: number[] }> {
  await createJournal(file, identity);
  const journal = await Journal.open(file, identity);
  const ends = [journal.bytes];
  for (const number of [1, 2, 3]) {
    await journal.append(record(number));
    ends.push(journal.bytes);
  }
  journal.close();
  return { bytes: await readFile(file), ends };
}

describe("a journal", () => {
  test("gives back what was appended, after it was opened again", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    await writeJournal(file);
    const journal = await Journal.open(file, identity);
    expect([...journal.read()]).toEqual([record(1), record(2), record(3)]);
    expect(journal.records).toBe(3);
    expect(journal.tornBytes).toBe(0);
    await journal.append(record(4));
    expect([...journal.read()].at(-1)).toEqual(record(4));
    journal.close();
  });

  test("cut at any byte, opens with the whole records before it and goes on from there", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes, ends } = await writeJournal(file);
    for (let length = fileHeaderBytes; length < bytes.length; length++) {
      await writeFile(file, bytes.subarray(0, length));
      const whole = ends.filter((end) => end <= length);
      const journal = await Journal.open(file, identity);
      expect(journal.records).toBe(whole.length - 1);
      expect(journal.tornBytes).toBe(length - Math.max(...whole));
      await journal.append(record(whole.length));
      journal.close();
      const again = await Journal.open(file, identity);
      expect([again.records, again.tornBytes]).toEqual([whole.length, 0]);
      again.close();
    }
  });

  test("keeps what it cuts off in a file beside it", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes, ends } = await writeJournal(file);
    const [, , second = 0] = ends;
    await writeFile(file, bytes.subarray(0, second + 30));
    (await Journal.open(file, identity)).close();
    expect(await readFile(`${file}.torn-${second}`)).toEqual(bytes.subarray(second, second + 30));
  });

  test("with a bit turned in any byte before the last record, is refused and left as it is", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes, ends } = await writeJournal(file);
    const [, , lastBegin = 0] = ends;
    for (let at = 0; at < lastBegin; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
      await writeFile(file, damaged);
      const code = at < fileHeaderBytes ? "JOURNAL_FORMAT_UNKNOWN" : "JOURNAL_DAMAGED";
      await expect(Journal.open(file, identity)).rejects.toMatchObject({ code });
      expect(await readFile(file)).toEqual(damaged);
    }
  });

  test("with a bit turned anywhere in the last record, never gives that record", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes, ends } = await writeJournal(file);
    const [, , lastBegin = 0] = ends;
    for (let at = lastBegin; at < bytes.length; at++) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << (at % 8)), at);
      await writeFile(file, damaged);
      const journal = await Journal.open(file, identity);
      expect([journal.records, journal.tornBytes]).toEqual([2, bytes.length - lastBegin]);
      journal.close();
    }
  });

  test("with zeros after it, as a power loss may leave, loses nothing", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes } = await writeJournal(file);
    await writeFile(file, Buffer.concat([bytes, Buffer.alloc(5000)]));
    const journal = await Journal.open(file, identity);
    expect([journal.records, journal.tornBytes]).toEqual([3, 5000]);
    journal.close();
  });

  test("with more rubbish after it than one record can leave, is refused", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes } = await writeJournal(file);
    await writeFile(file, Buffer.concat([bytes, Buffer.alloc(5_000_000)]));
    await expect(Journal.open(file, identity)).rejects.toMatchObject({ code: "JOURNAL_DAMAGED" });
  });

  test("with a record missing or twice, is refused", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { bytes, ends } = await writeJournal(file);
    const [first = 0, second = 0] = ends;
    const one = bytes.subarray(first, second);
    for (const content of [
      Buffer.concat([bytes.subarray(0, first), bytes.subarray(second)]),
      Buffer.concat([bytes.subarray(0, second), one, bytes.subarray(second)]),
    ]) {
      await writeFile(file, content);
      await expect(Journal.open(file, identity)).rejects.toMatchObject({ code: "JOURNAL_OUT_OF_ORDER" });
    }
  });

  test("of another chain, or missing, is refused", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const invalid = { code: "JOURNAL_OF_OTHER_CHAIN" };
    await expect(Journal.open(file, identity)).rejects.toMatchObject({ code: "JOURNAL_UNREADABLE" });
    await createJournal(file, identity);
    await expect(Journal.open(file, { ...identity, chainId: 1 })).rejects.toMatchObject(invalid);
    const genesisHash = `0x${"12".repeat(32)}`;
    await expect(Journal.open(file, { ...identity, genesisHash })).rejects.toMatchObject(invalid);
  });

  test("takes its last record back, and no other after that", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "journal");
    const { ends } = await writeJournal(file);
    const journal = await Journal.open(file, identity);
    await journal.append(record(4));
    journal.withdrawLast();
    await expect(journal.append(record(4))).rejects.toMatchObject({ code: "JOURNAL_CLOSED" });
    journal.close();
    expect((await readFile(file)).length).toBe(ends.at(-1));
  });

  test("takes nothing once its file was deleted", async () => {
    await using directory = await temporaryDirectory();
    const file = join(directory.path, "chain", "journal");
    await mkdir(join(directory.path, "chain"));
    await writeJournal(file);
    const journal = await Journal.open(file, identity);
    await rm(join(directory.path, "chain"), { recursive: true });
    await expect(journal.append(record(4))).rejects.toMatchObject({ code: "JOURNAL_NOT_SYNCED" });
    expect(journal.exists).toBe(false);
    journal.close();
  });
});
