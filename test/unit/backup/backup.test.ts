import { appendFile, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { unpackTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backUp } from "../../../src/backup/backup.ts";
import { restore } from "../../../src/backup/restore.ts";
import { readRollbacks } from "../../../src/backup/rollbacks.ts";
import { chainFiles } from "../../../src/embedded-chain/configuration.ts";
import { measureJournal } from "../../../src/embedded-chain/journal.ts";
import { type Home, homeAt } from "../../../src/home.ts";
import { appendBlocks, identity, writeHome } from "../../support/backup-home.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let home: Home;
let file: string;
const path = (...names: string[]): string => join(directory.path, ...names);
const version = "1.2.3";
const take = (from = home, to = file) => backUp(from, to, { version });
const give = (to: Home, options: { rollback?: boolean; from?: string } = {}) =>
  restore(to, options.from ?? file, { rollback: options.rollback ?? false });

/** Every file under a directory, with its mode and content. */
async function treeOf(root: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const name = join(entry.parentPath, entry.name);
    const { mode } = await stat(name);
    found[relative(root, name)] =
      `${(mode & 0o777).toString(8)} ${(await readFile(name)).toString("base64")}`;
  }
  return found;
}

beforeEach(async () => {
  directory = await temporaryDirectory();
  home = await writeHome(path("home"), 5);
  file = path("backup.tar");
});
afterEach(() => directory[Symbol.asyncDispose]());

describe("a backup", () => {
  test("holds the home's own files, for this user alone, and nothing that is made anew", async () => {
    await writeFile(join(home.directory, "notes.txt"), "not daochain's");
    const { chain, accounts, passwords, left } = await take();
    expect(chain).toEqual({ ...identity, blocks: 5, time: 1_700_000_005 });
    expect({ accounts, passwords, left }).toEqual({
      accounts: ["default"],
      passwords: ["default"],
      left: ["notes.txt"],
    });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const names = (await unpackTar(await readFile(file))).map(({ header }) => header.name);
    expect(names).toEqual([
      "daochain-backup.json",
      "network.json",
      "settings.json",
      "chain/chain.json",
      "accounts/default.json",
      "passwords/default",
      "chain/journal",
    ]);
  });

  test("takes whole blocks, where the chain's process is at the next one", async () => {
    const { journal } = chainFiles(home.chain);
    const whole = await readFile(journal);
    await appendBlocks(home, [6]);
    const all = await readFile(journal);
    for (const length of [whole.length + 1, whole.length + 30, all.length - 1]) {
      await writeFile(journal, all.subarray(0, length));
      await rm(file, { force: true });
      expect((await take()).chain?.blocks).toBe(5);
      const other = homeAt(path(`other-${length}`));
      await give(other);
      expect(await readFile(chainFiles(other.chain).journal)).toEqual(whole);
    }
  });

  test("of a damaged chain is not made", async () => {
    const { journal } = chainFiles(home.chain);
    const bytes = await readFile(journal);
    bytes[200] = (bytes[200] ?? 0) ^ 1;
    await writeFile(journal, bytes);
    expect(await codeOf(take)).toBe("JOURNAL_DAMAGED");
    expect(await readdir(directory.path)).toEqual(["home"]);
  });

  test("replaces no file, and is not there where it was broken off", async () => {
    await writeFile(file, "something else");
    expect(await codeOf(take)).toBe("BACKUP_EXISTS");
    expect(await readFile(file, "utf8")).toBe("something else");
    await rm(file);
    const signal = AbortSignal.abort();
    expect(await codeOf(() => backUp(home, file, { version, signal }))).toBe("CANCELLED");
    expect(await readdir(directory.path)).toEqual(["home"]);
    expect(await codeOf(() => take(homeAt(path("nowhere"))))).toBe("HOME_NOTHING_TO_KEEP");
  });

  test("that could not be restored is not made", async () => {
    const { configuration } = chainFiles(home.chain);
    const text = await readFile(configuration);
    await rm(configuration);
    expect(await codeOf(take)).toBe("BACKUP_CHAIN_INCOMPLETE");
    await writeFile(configuration, text);
    await writeFile(join(home.accounts, "broken.json"), "{");
    expect(await codeOf(take)).toBe("KEYSTORE_INVALID");
    expect(await readdir(directory.path)).toEqual(["home"]);
  });

  test("needs no chain: the home of a network has none", async () => {
    await rm(home.chain, { recursive: true });
    expect((await take()).chain).toBeNull();
    const other = homeAt(path("other"));
    expect((await give(other)).list.chain).toBeNull();
    expect(Object.keys(await treeOf(other.directory))).not.toContain("chain/journal");
  });
});

describe("a restored home", () => {
  const kept = (tree: Record<string, string>) => {
    const { "catalogue.sqlite": _, "chain/lock": __, ...rest } = tree;
    return Object.fromEntries(Object.entries(rest).map(([name, text]) => [name, text.replace(/^\d+ /, "")]));
  };

  test("is what was backed up, closed to others, where there was no home or an empty one", async () => {
    await take();
    const wanted = kept(await treeOf(home.directory));
    await mkdir(path("empty"));
    for (const name of ["fresh", "empty", "deep/er/home"]) {
      const other = homeAt(path(name));
      const { rollback } = await give(other);
      expect(rollback).toBeUndefined();
      const tree = await treeOf(other.directory);
      expect(kept(tree)).toEqual(wanted);
      expect(new Set(Object.values(tree).map((text) => text.split(" ")[0]))).toEqual(new Set(["600"]));
      expect((await stat(other.accounts)).mode & 0o777).toBe(0o700);
    }
    expect((await stat(path("fresh"))).mode & 0o777).toBe(0o700);
    expect((await readdir(directory.path)).sort()).toEqual(["backup.tar", "deep", "empty", "fresh", "home"]);
  });

  test("never takes the place of one that is there, though nothing of the chain would be lost", async () => {
    await take();
    const before = await treeOf(home.directory);
    expect(await codeOf(() => give(home))).toBe("HOME_NOT_EMPTY");
    expect(await codeOf(() => give(home, { rollback: true }))).toBe("HOME_NOT_EMPTY");
    await mkdir(path("other"));
    await writeFile(path("other", "letter"), "mine");
    expect(await codeOf(() => give(homeAt(path("other")), { rollback: true }))).toBe("HOME_NOT_EMPTY");
    expect(await treeOf(home.directory)).toEqual(before);
    expect((await readdir(directory.path)).sort()).toEqual(["backup.tar", "home", "other"]);
  });

  test("takes blocks back only where that is asked for by name, and writes it down", async () => {
    await take();
    await appendBlocks(home, [6, 7]);
    const before = await treeOf(home.directory);
    const error = await give(home).catch((caught: unknown) => caught);
    expect(error).toMatchObject({
      code: "RESTORE_ROLLS_BACK",
      message: expect.stringContaining("newest 2 blocks"),
    });
    expect(await treeOf(home.directory)).toEqual(before);

    const { rollback } = await give(home, { rollback: true });
    expect(rollback).toMatchObject({
      common: 5,
      from: { ...identity, blocks: 7 },
      to: { ...identity, blocks: 5 },
    });
    expect(measureJournal(chainFiles(home.chain).journal).blocks).toBe(5);
    expect(await readRollbacks(home)).toEqual([rollback]);
    expect(kept(await treeOf(rollback?.kept ?? ""))).toEqual(kept(before));
  });

  test("keeps the records of earlier rollbacks: the backup's and those of the home that it replaces", async () => {
    await take();
    await appendBlocks(home, [6]);
    await give(home, { rollback: true });
    await appendBlocks(home, [6, 7, 8], 1);
    await give(home, { rollback: true });
    const records = await readRollbacks(home);
    expect(records.map(({ common, from }) => [common, from?.blocks])).toEqual([
      [5, 6],
      [5, 8],
    ]);
    const second = path("second.tar");
    await take(home, second);
    await give(homeAt(path("other")), { from: second });
    expect(await readRollbacks(homeAt(path("other")))).toEqual(records);
  });

  test("tells where two chains part, and which chain is another one or cannot be read", async () => {
    await take();
    const parted = await writeHome(path("parted"), 3);
    await appendBlocks(parted, [4, 5, 6], 9);
    expect((await give(parted, { rollback: true })).rollback).toMatchObject({
      common: 3,
      from: { blocks: 6 },
    });

    const damaged = await writeHome(path("damaged"), 5);
    await truncate(chainFiles(damaged.chain).journal, 40);
    await appendFile(chainFiles(damaged.chain).journal, "x".repeat(200));
    expect(await codeOf(() => give(damaged))).toBe("RESTORE_ROLLS_BACK");
    expect((await give(damaged, { rollback: true })).rollback).toMatchObject({ from: null, common: 0 });

    const shorter = await writeHome(path("shorter"), 2);
    expect(await codeOf(() => give(shorter, { rollback: true }))).toBe("HOME_NOT_EMPTY");
  });
});
