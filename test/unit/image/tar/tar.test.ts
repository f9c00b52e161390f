import { Readable } from "node:stream";
import { packTar } from "modern-tar";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../../../src/errors.ts";
import { Budget } from "../../../../src/image/blob.ts";
import { readTar } from "../../../../src/image/tar/tar.ts";
import { codeOf, sha256, tar } from "../../../support/images.ts";

const readFrom = (input: Readable, onBytes: (bytes: Uint8Array) => void = () => {}) =>
  readTar(input, { budget: new Budget(), blobs: { content: true, tree: false }, onBytes });
const read = (bytes: Uint8Array) => readFrom(Readable.from([Buffer.from(bytes)]));

type Header = { name: string; type?: "file" | "symlink" | "link"; linkname?: string; body?: string };

async function damageOf(...headers: Header[]) {
  const entries = headers.map(({ body = "", ...header }) => ({
    header: { size: body.length, ...header },
    body,
  }));
  return (await read(await packTar(entries))).damage;
}

async function refusalOf(...headers: Header[]): Promise<string> {
  const error: unknown = await damageOf(...headers).catch((cause: unknown) => cause);
  return isDaoChainError(error, "ARCHIVE_AMBIGUOUS") ? error.message : `not refused: ${error}`;
}

describe("readTar", () => {
  it("hashes files whatever pieces they arrive in", async () => {
    const content = Buffer.alloc(5000, "x");
    const bytes = Buffer.from(await tar(new Map([["./a//b", content]])));
    for (const size of [1, 3, 511, 512, 513, bytes.length]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      let seen = 0;
      const contents = await readFrom(Readable.from(pieces), (piece) => {
        seen += piece.length;
      });
      expect(contents.damage).toBeUndefined();
      expect(await contents.read("a/b")).toMatchObject({
        size: 5000,
        digest: sha256(content),
        content: sha256(content),
      });
      expect(seen).toBe(bytes.length);
    }
  });

  it("keeps JSON and nothing else", async () => {
    const contents = await read(
      await tar(
        new Map([
          ["a.json", Buffer.from('{"a":1}')],
          ["b", Buffer.from("layer")],
        ]),
      ),
    );
    expect((await contents.read("a.json"))?.bytes).toEqual(Buffer.from('{"a":1}'));
    expect((await contents.read("b"))?.bytes).toBeUndefined();
  });

  it("follows links inside the archive, and gives up on loops", async () => {
    const contents = await read(
      await tar(
        new Map<string, Uint8Array | string>([
          ["x/file", Buffer.from("1")],
          ["y/link", "../x/file"],
          ["z", "y/link"],
          ["loop", "pool"],
          ["pool", "loop"],
          ["self", "self"],
          ["dangling", "nothing"],
        ]),
      ),
    );
    expect(contents.damage).toBeUndefined();
    expect((await contents.read("z"))?.digest).toBe(sha256(Buffer.from("1")));
    for (const name of ["loop", "self", "dangling", "nothing"])
      expect(await contents.read(name)).toBeUndefined();
  });

  it("refuses what leads outside", async () => {
    for (const name of ["/etc/passwd", "../x", "a/../../x", "a/b/../../../x"]) {
      expect(await damageOf({ name, body: "x" })).toContain("outside");
      expect(await damageOf({ name: "a", type: "symlink", linkname: name })).toContain("outside");
      expect(await damageOf({ name: "a", type: "link", linkname: name })).toContain("outside");
    }
    expect(await damageOf({ name: "a".repeat(1025), body: "x" })).toContain("outside");
  });

  it("refuses two different entries of one name", async () => {
    const link = { name: "a", type: "symlink", linkname: "b" } as const;
    expect(await refusalOf({ name: "a", body: "1" }, { name: "./a", body: "2" })).toContain("two entries");
    expect(await refusalOf({ name: "a", body: "1" }, link)).toContain("two entries");
    expect(await refusalOf(link, { name: "a", body: "1" })).toContain("two entries");
    expect(await refusalOf(link, { ...link, linkname: "c" })).toContain("two entries");
    expect(await refusalOf(link, { ...link, type: "link" })).toContain("two entries");
    expect(await damageOf({ name: "a", body: "1" }, { name: "a", body: "1" })).toBeUndefined();
    expect(await damageOf(link, link)).toBeUndefined();
  });

  it("refuses links that lead elsewhere where they are unpacked than where they are read", async () => {
    const [good, bad] = [
      { name: "d/f", body: "1" },
      { name: "e/f", body: "2" },
    ] as const;
    const linked = { name: "d", type: "symlink", linkname: "e" } as const;
    expect(await refusalOf(good, linked, bad)).toContain('"d" is a link');
    expect(await refusalOf(linked, bad, good)).toContain('"d" is a link');
    const through = { name: "x", type: "symlink", linkname: "d/f" } as const;
    expect(await refusalOf(bad, linked, through)).toContain('"d" is a link');
    expect(await refusalOf(bad, linked, { ...through, type: "link" })).toContain('"d" is a link');
    for (const linkname of ["d/../f", "./d/./..//f", ".../../f", "d/.."])
      expect(await refusalOf({ ...through, name: "e/x", linkname })).toContain("down and up");
    for (const linkname of ["../d/f", ".././d//f", "f", "./f"])
      expect(await damageOf(good, { ...through, name: "e/x", linkname })).toBeUndefined();
    // The hard link is another symbolic one, which leads on from where it stands itself.
    const symbolic = { name: "l", type: "symlink", linkname: "f" } as const;
    expect(await refusalOf(symbolic, { name: "d/l", type: "link", linkname: "l" })).toContain("hard link");
    expect(await damageOf(good, { name: "l", type: "link", linkname: "d/f" })).toBeUndefined();
  });

  it("refuses what is neither a file nor a directory nor a link", async () => {
    const bytes = Buffer.from(await tar(new Map([["a", Buffer.from("")]])));
    for (const type of ["3", "4", "6", "7", "S", "Z"]) {
      const changed = Buffer.from(bytes);
      changed.write(type, 156);
      changed.write("        ", 148);
      const sum = changed.subarray(0, 512).reduce((total, byte) => total + byte, 0);
      changed.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
      expect(await codeOf(read(changed))).toBe("ARCHIVE_AMBIGUOUS");
    }
  });

  it("refuses headers that do not add up, and bytes after the end", async () => {
    const bytes = Buffer.from(await tar(new Map([["a", Buffer.from("1")]])));
    const header = Buffer.from(bytes);
    header[0] = "b".charCodeAt(0);
    expect((await read(header)).damage).toBeDefined();
    expect((await read(Buffer.concat([bytes, Buffer.alloc(10_240)]))).damage).toBeUndefined();
    expect((await read(Buffer.concat([bytes, Buffer.from("x")]))).damage).toBeDefined();
    expect((await read(Buffer.concat([bytes, bytes]))).damage).toBeDefined();
    expect((await read(Buffer.from("no archive at all"))).damage).toBeDefined();
  });

  it("does not believe a size that the archive has not", async () => {
    for (const size of [8 ** 11 - 1, 2 ** 40, Number.MAX_SAFE_INTEGER]) {
      const bytes = Buffer.from(
        await packTar([{ header: { name: "a", size: 1, pax: { comment: "0".repeat(16) } }, body: "1" }]),
      );
      // A pax record of the same length in place of the comment: the size that counts.
      const record = bytes.indexOf("comment=");
      bytes.write(`size=${"0".repeat(19)}`, record);
      bytes.write(`${size}`.padStart(19, "0"), record + 5);
      expect((await read(bytes)).damage).toBeDefined();
    }
  });

  it("bounds the number of entries", async () => {
    const entry = Buffer.from(await packTar([{ header: { name: "a", size: 0 } }])).subarray(0, 512);
    const end = Buffer.alloc(1024);
    const many = (count: number) => read(Buffer.concat([...Array.from({ length: count }, () => entry), end]));
    expect((await many(100_000)).damage).toBeUndefined();
    expect(await codeOf(many(100_001))).toBe("IMAGE_LIMIT_EXCEEDED");
  });

  it("bounds the JSON it keeps", async () => {
    const document = Buffer.alloc(4 * 1024 * 1024, " ");
    const files = (count: number) =>
      new Map(Array.from({ length: count }, (_, index) => [`${index}`, document]));
    expect((await read(await tar(files(16)))).damage).toBeUndefined();
    expect(await codeOf(tar(files(17)).then(read))).toBe("IMAGE_LIMIT_EXCEEDED");
    const large = await read(await tar(new Map([["a", Buffer.concat([document, document])]])));
    expect((await large.read("a"))?.bytes).toBeUndefined();
  });

  it("passes on what is wrong with its input", async () => {
    const failing = new Readable({
      read() {
        this.destroy(new Error("disk on fire"));
      },
    });
    await expect(readFrom(failing)).rejects.toThrow("disk on fire");
  });
});
