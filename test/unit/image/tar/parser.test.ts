import { describe, expect, it } from "vitest";
import { TarError } from "../../../../src/image/tar/error.ts";
import { type TarEntry, TarParser, type TarVisitor } from "../../../../src/image/tar/parser.ts";
import { type LayerEntry, layerTar, paxRecord } from "../../../support/layer-tar.ts";
import { patched } from "../../../support/tar-bytes.ts";

interface Seen {
  readonly entry: TarEntry;
  content: string;
  ended: boolean;
}

/** Gathers what a parser finds; waits before it takes more, if told. */
class Gatherer implements TarVisitor {
  readonly seen: Seen[] = [];
  readonly #waits: boolean;
  #isBusy = false;

  constructor(waits = false) {
    this.#waits = waits;
  }

  entry(entry: TarEntry): void {
    this.#requireIdle();
    this.seen.push({ entry, content: "", ended: entry.type !== "file" });
  }

  content(bytes: Uint8Array): Promise<void> | undefined {
    this.#requireIdle();
    const current = this.seen.at(-1) as Seen;
    current.content += Buffer.from(bytes).toString("latin1");
    return this.#wait();
  }

  end(): Promise<void> | undefined {
    this.#requireIdle();
    (this.seen.at(-1) as Seen).ended = true;
    return this.#wait();
  }

  #wait(): Promise<void> | undefined {
    if (!this.#waits) return undefined;
    this.#isBusy = true;
    return Promise.resolve().then(() => {
      this.#isBusy = false;
    });
  }

  #requireIdle(): void {
    if (this.#isBusy) throw new Error("The parser did not wait.");
  }
}

async function parse(
  bytes: Uint8Array,
  { step = bytes.length, waits = false, entries = 1000 } = {},
): Promise<{ seen: Seen[]; parser: TarParser }> {
  const visitor = new Gatherer(waits);
  const parser = new TarParser(visitor, { entries });
  for (let at = 0; at < bytes.length; at += step) {
    const piece = Buffer.from(bytes.subarray(at, at + step));
    const wait = parser.write(piece);
    if (!waits) expect(wait).toBeUndefined();
    await wait;
    // Whoever gave it uses its memory again.
    piece.fill(0xff);
  }
  parser.end();
  return { seen: visitor.seen, parser };
}

async function only(entry: LayerEntry): Promise<TarEntry & { content: string }> {
  const { seen } = await parse(layerTar([entry]));
  expect(seen).toHaveLength(1);
  const [found] = seen as [Seen];
  return { ...found.entry, content: found.content };
}

/** The first header of an archive with one file, changed, its checksum right. */
function header(change: (block: Buffer) => void, entry: LayerEntry = { name: "n", content: "x" }): Buffer {
  return patched(layerTar([entry]), 0, change);
}

describe("TarParser, of what each dialect says", () => {
  const long = `${"directory/".repeat(12)}name`;
  it.each<[string, LayerEntry, Partial<TarEntry>]>([
    [
      "a file",
      { name: "f", content: "abc", mode: 0o4640, uid: 1, gid: 2 },
      { mode: 0o4640, uid: 1, gid: 2, size: 3 },
    ],
    ["v7's type of file", { name: "f", type: "\0", dialect: "v7" }, { type: "file", path: "f" }],
    ["v7's type with a slash", { name: "d/", type: "\0", dialect: "v7" }, { type: "directory", path: "d/" }],
    ["a file with a slash", { name: "d/", type: "0" }, { type: "file", path: "d/" }],
    ["a directory", { name: "d/" }, { type: "directory", mode: 0o755 }],
    ["a hard link", { name: "h", type: "1", linkname: "f" }, { type: "link", link: "f" }],
    ["a symbolic link", { name: "s", type: "2", linkname: "../f" }, { type: "symlink", link: "../f" }],
    [
      "a device",
      { name: "c", type: "3", devmajor: 1, devminor: 3 },
      { type: "character", major: 1, minor: 3 },
    ],
    ["a disk", { name: "b", type: "4", devmajor: 8, devminor: 16 }, { type: "block", major: 8, minor: 16 }],
    ["v7's device", { name: "c", type: "3", dialect: "v7" }, { type: "character", major: 0, minor: 0 }],
    ["a FIFO", { name: "p", type: "6" }, { type: "fifo" }],
    ["a type without a meaning", { name: "q", type: "7", content: "abc" }, { type: "unknown", size: 0 }],
    ["a long name, ustar", { name: long, dialect: "ustar" }, { path: long }],
    ["a long name, pax", { name: long, dialect: "pax" }, { path: long }],
    ["a long name, GNU", { name: long, dialect: "gnu" }, { path: long }],
    ["a long link, pax", { name: "l", type: "2", linkname: long, dialect: "pax" }, { link: long }],
    ["a long link, GNU", { name: "l", type: "2", linkname: long, dialect: "gnu" }, { link: long }],
    [
      "large numbers, pax",
      { name: "f", uid: 3_000_000, gid: 2 ** 40, dialect: "pax" },
      { uid: 3_000_000, gid: 2 ** 40 },
    ],
    [
      "large numbers, GNU",
      { name: "f", uid: 3_000_000, gid: 2 ** 40, dialect: "gnu" },
      { uid: 3_000_000, gid: 2 ** 40 },
    ],
    ["bits beyond a mode's", { name: "f", mode: 0o170755 }, { mode: 0o755 }],
    ["an empty pax value", { name: "f", uid: 5, pax: { uid: "", path: "" } }, { uid: 5, path: "f" }],
    ["a size that only files have", { name: "d/", size: 512 }, { type: "directory", size: 0 }],
    ["a pax size", { name: "f", content: "abcd", size: 0, pax: { size: "4" } }, { size: 4 }],
    ["a global header", { name: "f", globals: { path: "other", uid: "9" } }, { path: "f", uid: 0 }],
    ["a name with bytes that are no UTF-8", { name: Buffer.from([0xff, 0x0a]) }, { path: "\xff\n" }],
  ])("reads %s", async (_what, entry, expected) => {
    expect(await only(entry)).toMatchObject(expected);
  });

  it("reads attributes, also ones without a value", async () => {
    const pax = { "SCHILY.xattr.user.a": "1", "SCHILY.xattr.trusted.b": "", "LIBARCHIVE.xattr.c": "x" };
    const { xattrs } = await only({ name: "f", pax });
    expect([...xattrs]).toEqual([
      ["user.a", "1"],
      ["trusted.b", ""],
    ]);
  });

  it("reads the prefix of a header that star wrote, which is shorter", async () => {
    const bytes = header((block) => {
      block.write(`${"p".repeat(131)}00000000000\0`, 345, "latin1");
      block.write("tar\0", 508, "latin1");
    });
    const { seen } = await parse(bytes);
    expect(seen[0]?.entry.path).toBe(`${"p".repeat(131)}/n`);
  });

  it("takes no prefix and no device from a v7 header", async () => {
    const entry: LayerEntry = { name: "c", type: "3", dialect: "v7" };
    const bytes = header((block) => {
      block.write("0000001\0", 329, "latin1");
      block.write("prefix", 345, "latin1");
    }, entry);
    const { seen } = await parse(bytes);
    expect(seen[0]?.entry).toMatchObject({ path: "c", major: 0, minor: 0 });
  });

  it("takes GNU's times for what they are", async () => {
    const bytes = header(
      (block) => {
        block.write("00000000001\0".repeat(2), 345, "latin1");
      },
      { name: "n", dialect: "gnu" },
    );
    expect((await parse(bytes)).seen[0]?.entry.path).toBe("n");
  });

  it("takes a checksum of signed bytes", async () => {
    const bytes = layerTar([{ name: Buffer.from([0xff, 0xfe]) }]);
    const block = bytes.subarray(0, 512);
    block.fill(0x20, 148, 156);
    const sum = block.reduce((total, byte) => total + (byte > 127 ? byte - 256 : byte), 0);
    block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    expect((await parse(bytes)).seen[0]?.entry.path).toBe("\xff\xfe");
  });
});

describe("TarParser, of what is no archive", () => {
  const meta = (type: string, content: string | Buffer, size?: number): LayerEntry => ({
    name: "meta",
    type,
    content,
    ...(size === undefined ? {} : { size }),
  });
  const path = paxRecord("path", "a");
  it.each<[string, Buffer]>([
    ["a wrong checksum", Buffer.from(layerTar([{ name: "n" }])).fill(0x7a, 0, 1)],
    ["a checksum that is no number", Buffer.from(layerTar([{ name: "n" }])).fill(0x7a, 148, 149)],
    ["no size", header((block) => block.write("z", 124))],
    ["a negative size", header((block) => block.fill(0xff, 124, 136))],
    ["a size beyond all", header((block) => block.fill(0x8f, 124, 136))],
    ["a broken mode", header((block) => block.write("8", 100))],
    ["a broken uid", header((block) => block.write("-1", 108))],
    ["a broken gid in pax", layerTar([{ name: "n", pax: { gid: "0x1" } }])],
    ["a broken device", header((block) => block.write("z", 329), { name: "c", type: "3" })],
    ["a negative uid", layerTar([{ name: "n", uid: -1, dialect: "gnu" }])],
    ["GNU's first time as a name", header((block) => block.write("dir", 345), { name: "n", dialect: "gnu" })],
    [
      "GNU's second time as a name",
      header((block) => block.write("00000000001\0z", 345), { name: "n", dialect: "gnu" }),
    ],
    ["a cut header", layerTar([{ name: "n" }]).subarray(0, 100)],
    ["a cut file", layerTar([{ name: "n", content: "x".repeat(600) }]).subarray(0, 1000)],
    ["a cut block", layerTar([{ name: "n", content: "x" }]).subarray(0, 513)],
    ["a zero block in the middle", Buffer.concat([Buffer.alloc(512), layerTar([{ name: "n" }])])],
    ["two pax headers", layerTar([meta("x", path), meta("x", path), { name: "n" }])],
    ["two long names", layerTar([meta("L", "a\0"), meta("L", "a\0"), { name: "n" }])],
    ["two long links", layerTar([meta("K", "a\0"), meta("K", "a\0"), { name: "n" }])],
    ["an empty long name", layerTar([meta("L", "\0"), { name: "n" }])],
    ["an empty long link", layerTar([meta("K", ""), { name: "n" }])],
    ["a name in two ways", layerTar([meta("x", path), meta("L", "b\0"), { name: "n" }])],
    [
      "a link in two ways",
      layerTar([meta("x", paxRecord("linkpath", "a")), meta("K", "b\0"), { name: "n" }]),
    ],
    [
      "a sparse name beside a long one",
      layerTar([meta("L", "b\0"), { name: "n", content: "a", pax: sparse({ name: "c" }) }]),
    ],
    ["a pax header at the end", layerTar([meta("x", path)])],
    ["a pax header at the end of bytes", layerTar([meta("x", path)]).subarray(0, -1024)],
    ["a long name at the end", layerTar([meta("L", "a\0")])],
    ["a long link at the end", layerTar([meta("K", "a\0")])],
    ["a header of more than a megabyte", layerTar([meta("x", "", 1024 * 1024 + 1)])],
    ["a sparse directory", layerTar([{ name: "d/", pax: sparse({}) }])],
    ["a sparse device", layerTar([{ name: "c", type: "3", pax: sparse({}) }])],
    [
      "v7's directory as a sparse file",
      layerTar([{ name: "d/", type: "\0", content: "a", pax: sparse({ name: "n" }) }]),
    ],
  ])("refuses %s", async (_what, bytes) => {
    await expect(parse(bytes)).rejects.toThrow(TarError);
  });

  it("stops at more entries than allowed, headers that describe others among them", async () => {
    const bytes = layerTar([{ name: "a", pax: { comment: "x" } }, { name: "b" }]);
    await expect(parse(bytes, { entries: 2 })).rejects.toMatchObject({ isLimit: true });
    expect((await parse(bytes, { entries: 3 })).seen).toHaveLength(2);
  });
});

describe("TarParser, at the end", () => {
  const archive = layerTar([{ name: "n", content: "x" }]);
  it.each<[string, Buffer, boolean, boolean]>([
    ["two zero blocks", archive, true, false],
    ["zeros after them", Buffer.concat([archive, Buffer.alloc(3000)]), true, false],
    ["anything after them", Buffer.concat([archive, Buffer.from("x")]), true, true],
    ["one zero block", archive.subarray(0, -512), false, false],
    ["none", archive.subarray(0, -1024), false, false],
    ["nothing at all", Buffer.alloc(0), false, false],
  ])("says what there was: %s", async (_what, bytes, isEnded, isFollowed) => {
    for (const step of [1, 511, bytes.length || 1]) {
      const { parser } = await parse(bytes, { step });
      expect([parser.isEnded, parser.isFollowed]).toEqual([isEnded, isFollowed]);
    }
  });
});

describe("TarParser, by pieces", () => {
  const archive = layerTar([
    { name: "d/" },
    { name: "d/empty", content: "" },
    { name: "d/block", content: "b".repeat(512) },
    { name: "d/more", content: "m".repeat(700), dialect: "gnu", uid: 3_000_000 },
    { name: `${"long/".repeat(30)}x`, dialect: "gnu", content: "l" },
    { name: "sparse", content: "abcd", pax: sparse({ size: "2000", numblocks: "2", map: "5,3,1000,1" }) },
    {
      name: "map",
      content: map(
        [
          [1, 2],
          [5, 0],
        ],
        "xy",
      ),
      pax: sparse1("10"),
    },
    { name: "odd", type: "7", content: "skipped" },
    { name: "last", type: "2", linkname: "d" },
  ]);

  it("gives the same, wherever the pieces end and whether the visitor waits or not", async () => {
    const expected = (await parse(archive)).seen;
    expect(expected.map(({ content, ended }) => [content.length, ended])).toEqual([
      [0, true],
      [0, true],
      [512, true],
      [700, true],
      [1, true],
      [2000, true],
      [10, true],
      [0, true],
      [0, true],
    ]);
    for (let step = 1; step <= 1100; step += step < 20 ? 1 : 13) {
      expect((await parse(archive, { step })).seen).toEqual(expected);
      expect((await parse(archive, { step, waits: true })).seen).toEqual(expected);
    }
    for (let at = 0; at <= archive.length; at++) {
      const visitor = new Gatherer();
      const parser = new TarParser(visitor, { entries: 100 });
      parser.write(archive.subarray(0, at));
      parser.write(archive.subarray(at));
      parser.end();
      expect(visitor.seen).toEqual(expected);
    }
  });

  it("throws what the visitor throws, at once or later", async () => {
    const bytes = layerTar([{ name: "n", content: "x" }]);
    const visitor = new Gatherer();
    visitor.content = () => Promise.reject(new Error("full"));
    await expect(async () => new TarParser(visitor, { entries: 9 }).write(bytes)).rejects.toThrow("full");
    visitor.content = () => {
      throw new Error("full at once");
    };
    expect(() => new TarParser(visitor, { entries: 9 }).write(bytes)).toThrow("full at once");
  });
});

function sparse(records: Readonly<Record<string, string>>): Record<string, string> {
  const whole = { size: "1", numblocks: "1", map: "0,1", ...records };
  return Object.fromEntries(Object.entries(whole).map(([key, value]) => [`GNU.sparse.${key}`, value]));
}

function sparse1(realsize: string): Record<string, string> {
  return { "GNU.sparse.major": "1", "GNU.sparse.minor": "0", "GNU.sparse.realsize": realsize };
}

function map(extents: readonly (readonly [number, number])[], data: string): string {
  const lines = [extents.length, ...extents.flat()].join("\n");
  return `${`${lines}\n`.padEnd(512, "\0")}${data}`;
}
