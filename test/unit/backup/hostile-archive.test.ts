import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { packTar, type TarEntry, unpackTar } from "modern-tar";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { backUp } from "../../../src/backup/backup.ts";
import { isMemberName } from "../../../src/backup/members.ts";
import { restore } from "../../../src/backup/restore.ts";
import { homeAt } from "../../../src/home.ts";
import { writeHome } from "../../support/backup-home.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { failureOf } from "../../support/errors.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let good: Buffer;
let entries: TarEntry[];
interface List {
  format: string;
  chain: { blocks: number; chainId: number; genesisHash: string } | null;
  files: { name: string; size: number; sha256: string }[];
}
let list: List;

beforeEach(async () => {
  directory = await temporaryDirectory();
  const home = await writeHome(join(directory.path, "home"), 3);
  const file = join(directory.path, "good.tar");
  await backUp(home, file, { version: "1.0.0" });
  good = await readFile(file);
  entries = (await unpackTar(good)).map(({ header, data }) => ({
    header,
    ...(data === undefined ? {} : { body: data }),
  }));
  list = JSON.parse(Buffer.from(entries[0]?.body as Uint8Array).toString());
});
afterEach(() => directory[Symbol.asyncDispose]());

/** Restores an archive, which must not do anything but be refused. @returns why */
async function refused(archive: Uint8Array): Promise<string> {
  const file = join(directory.path, "bad.tar");
  await writeFile(file, archive);
  const before = (await readdir(directory.path, { recursive: true })).sort();
  const error = await failureOf(() =>
    restore(homeAt(join(directory.path, "new", "home")), file, { rollback: true }),
  );
  expect(error).toMatchObject({ code: "BACKUP_INVALID", outcome: "corrupt" });
  const after = (await readdir(directory.path, { recursive: true })).filter((name) => name !== "new");
  expect(after.sort()).toEqual(before.filter((name) => name !== "new"));
  return error.message;
}

/** The archive with another list, and with other entries behind it. */
function pack(changed: List | string, rest: TarEntry[] = entries.slice(1)): Promise<Uint8Array> {
  const body = typeof changed === "string" ? changed : JSON.stringify(changed);
  return packTar([
    { header: { name: "daochain-backup.json", size: Buffer.byteLength(body) }, body },
    ...rest,
  ]);
}

const file = (name: string, body: string, more: object = {}): TarEntry => ({
  header: { name, size: Buffer.byteLength(body), ...more },
  body,
});
const member = (name: string, body: string) => ({
  name,
  size: Buffer.byteLength(body),
  sha256: createHash("sha256").update(body).digest("hex"),
});

describe("a hostile backup is refused, and leaves nothing behind:", () => {
  test("one that is packed anew is taken, so that the others are refused for what is wrong with them", async () => {
    const target = homeAt(join(directory.path, "new"));
    await writeFile(join(directory.path, "same.tar"), await pack(list));
    await restore(target, join(directory.path, "same.tar"), { rollback: false });
    expect((await readdir(target.directory)).sort()).toEqual([
      "accounts",
      "chain",
      "network.json",
      "passwords",
      "settings.json",
    ]);
  });

  test.each([
    "../outside.json",
    "/etc/passwd",
    "accounts/../../outside.json",
    "accounts/..",
    "accounts/.json",
    "accounts/a/b.json",
    "accounts\\x.json",
    "passwords/../settings.json",
    "passwords/-rf\u0000",
    "chain/lock",
    "chain/process.json",
    "catalogue.sqlite",
    "daochain-backup.json",
    "network.json/",
    "",
  ])("a list with the name %j", async (name) => {
    expect(isMemberName(name)).toBe(false);
    const bad = { ...list, files: [...list.files, member(name, "x")] };
    await refused(await pack(bad, [...entries.slice(1), file(name || "x", "x")]));
  });

  test("an entry that the list does not have, has elsewhere, or has under another name", async () => {
    await refused(await pack(list, [...entries.slice(1), file("accounts/more.json", "{}")]));
    await refused(await pack(list, [...entries.slice(1), file("../outside", "x")]));
    const [first, second, ...others] = entries.slice(1);
    await refused(await pack(list, [second, first, ...others] as TarEntry[]));
    await refused(await pack(list, [file("../network.json", "{}"), second, ...others] as TarEntry[]));
    await refused(await pack(list, entries.slice(1, -1)));
  });

  test("a link in a file's place", async () => {
    const [, second, ...others] = entries.slice(1);
    for (const type of ["symlink", "link", "directory", "fifo", "character-device"] as const) {
      const header = { name: "network.json", size: 0, type, linkname: "/etc/passwd" };
      await refused(await pack(list, [{ header }, second, ...others] as TarEntry[]));
    }
  });

  test("other bytes than the list says", async () => {
    const at = entries.findIndex(({ header }) => header.name === "settings.json");
    const body = Buffer.from(entries[at]?.body as Uint8Array);
    const changed = Buffer.from(body.toString().replace("acme", "evil"));
    const replaced = (content: Uint8Array): TarEntry[] =>
      entries
        .slice(1)
        .map((entry) =>
          entry.header.name === "settings.json"
            ? { header: { ...entry.header, size: content.length }, body: content }
            : entry,
        );
    expect(await refused(await pack(list, replaced(changed)))).toContain("settings.json");
    expect(await refused(await pack(list, replaced(Buffer.concat([body, Buffer.from(" ")]))))).toContain(
      "long",
    );
  });

  test("every cut, and anything behind the end", async () => {
    const length = good.length;
    for (const at of [0, 100, 512, 1000, 3000, Math.floor(length / 2), length - 1024, length - 513]) {
      await refused(good.subarray(0, at));
    }
    await refused(Buffer.concat([good, Buffer.from("more")]));
    await refused(Buffer.from("no archive at all, though as long as a header would be".padEnd(2048, ".")));
  });

  test("lists that are none, of another version, too large, or without an end", async () => {
    const bad: (List | string)[] = [
      "",
      "[]",
      "null",
      "{",
      { ...list, format: "daochain-backup/2" },
      { ...list, files: [...list.files, ...list.files] },
      { ...list, files: list.files.map((entry) => ({ ...entry, size: -1 })) },
      { ...list, files: list.files.map((entry) => ({ ...entry, sha256: "00" })) },
      { ...list, chain: null },
      { ...list, files: Array.from({ length: 6000 }, (_, at) => member(`passwords/p${at}`, "")) },
      JSON.stringify(list).padEnd((1 << 20) + 1),
    ];
    for (const one of bad) await refused(await pack(one));
  });

  test("a chain that is not the one that the list, chain.json or the profile describes", async () => {
    const { chain } = list;
    if (chain === null) throw new Error("The backup has a chain.");
    await refused(await pack({ ...list, chain: { ...chain, blocks: 4 } }));
    await refused(await pack({ ...list, chain: { ...chain, chainId: 1 } }));
    const swapped = async (name: string, change: (text: string) => string): Promise<Uint8Array> => {
      const rest = entries.slice(1).map((entry) => {
        if (entry.header.name !== name) return entry;
        return file(name, change(Buffer.from(entry.body as Uint8Array).toString("latin1")));
      });
      const files = list.files.map((found) => {
        const other = rest.find(({ header }) => header.name === found.name);
        return name === found.name ? member(name, String(other?.body)) : found;
      });
      return pack({ ...list, files }, rest);
    };
    const otherHash = (text: string): string => text.replaceAll("11".repeat(32), "22".repeat(32));
    await refused(await swapped("chain/chain.json", otherHash));
    await refused(await swapped("network.json", otherHash));
    await refused(await swapped("network.json", () => "[]"));
    await refused(await swapped("accounts/default.json", () => "{"));
    await refused(await swapped("chain/chain.json", () => "{}"));
  });

  test("a journal that promises more than the disk has is refused before it is written", async () => {
    const files = list.files.map((entry) =>
      entry.name === "chain/journal" ? { ...entry, size: 2 ** 50 } : entry,
    );
    await writeFile(join(directory.path, "bad.tar"), await pack({ ...list, files }));
    await mkdir(join(directory.path, "new"));
    const error = await failureOf(() =>
      restore(homeAt(join(directory.path, "new")), join(directory.path, "bad.tar"), { rollback: false }),
    );
    expect(error.code).toBe("NO_SPACE");
    expect(await readdir(join(directory.path, "new"))).toEqual([]);
  });
});
