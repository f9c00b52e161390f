import { gzipSync, zstdCompressSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { BlobReader, Budget } from "../../../src/image/blob.ts";
import { codeOf, sha256 } from "../../support/images.ts";

async function read(pieces: readonly Uint8Array[]) {
  const blob = new BlobReader(new Budget());
  for (const given of pieces) {
    const piece = Buffer.from(given);
    await blob.write(piece);
    // Whoever gave it uses its memory again.
    piece.fill(0xff);
  }
  return blob.end();
}

describe("BlobReader", () => {
  it("hashes what is stored and what it unpacks to, whatever pieces it comes in", async () => {
    const compressions = { none: (bytes: Uint8Array) => bytes, gzip: gzipSync, zstd: zstdCompressSync };
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ maxLength: 20_000 }),
        fc.constantFrom("none", "gzip", "zstd"),
        fc.integer({ min: 1, max: 5000 }),
        async (random, compression, size) => {
          // A first byte of its own, so that no chance makes it look compressed.
          const content = Buffer.concat([Buffer.from("x"), random]);
          const stored = compressions[compression](content);
          const pieces: Uint8Array[] = [];
          for (let at = 0; at < stored.length; at += size) pieces.push(stored.subarray(at, at + size));
          expect(await read(pieces)).toEqual({
            size: stored.length,
            digest: sha256(stored),
            compression,
            content: sha256(content),
            bytes: undefined,
          });
        },
      ),
    );
  });

  it("knows the empty blob", async () => {
    const nothing = Buffer.alloc(0);
    expect(await read([])).toMatchObject({ size: 0, digest: sha256(nothing), content: sha256(nothing) });
  });

  it("is done with gzip that zeros follow, or garbage", async () => {
    const pieces = (more: Uint8Array) => [gzipSync("one"), more, more];
    expect((await read(pieces(Buffer.alloc(300_000)))).content).toBe(sha256(Buffer.from("one")));
    expect((await read(pieces(Buffer.alloc(300_000, "x")))).content).toBeUndefined();
  });

  it("reads gzip of several members as one, as engines do", async () => {
    const stored = Buffer.concat([gzipSync("one"), gzipSync("two")]);
    expect((await read([stored])).content).toBe(sha256(Buffer.from("onetwo")));
  });

  it("reads zstd of several frames, skippable ones among them, as one", async () => {
    const skippable = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3]);
    const stored = Buffer.concat([zstdCompressSync("one"), skippable, zstdCompressSync("two"), skippable]);
    const content = sha256(Buffer.from("onetwo"));
    for (let at = 1; at < stored.length; at++) {
      expect((await read([stored.subarray(0, at), stored.subarray(at)])).content).toBe(content);
    }
    const large = Buffer.alloc(5_000_000, "abc");
    const frames = Buffer.concat([zstdCompressSync(large), zstdCompressSync(large)]);
    expect((await read([frames])).content).toBe(sha256(Buffer.concat([large, large])));
  });

  it("never gives the content for what is damaged, nor for what is compressed otherwise", async () => {
    const content = Buffer.alloc(100_000, "abc");
    for (const compress of [gzipSync, zstdCompressSync]) {
      const stored = compress(content);
      expect((await read([stored.subarray(0, -1)])).content).not.toBe(sha256(content));
      const other = Buffer.concat([stored.subarray(0, 8), Buffer.alloc(600_000, 0xff)]);
      expect((await read([other])).content).toBeUndefined();
    }
    expect((await read([gzipSync(content).subarray(0, -1)])).content).toBeUndefined();
    expect((await read([zstdCompressSync(content), Buffer.from("garbage")])).content).toBeUndefined();
    for (const magic of [Buffer.from("BZh91AY"), Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, 0])]) {
      expect((await read([magic])).compression).toBe("unsupported");
    }
  });
});

describe("Budget", () => {
  it("ends at 256 GiB unpacked and 64 MiB of JSON", async () => {
    const budget = new Budget();
    budget.spendUncompressed(256 * 2 ** 30);
    budget.spendJson(64 * 2 ** 20);
    expect(await codeOf((async () => budget.spendUncompressed(1))())).toBe("IMAGE_LIMIT_EXCEEDED");
    expect(await codeOf((async () => budget.spendJson(1))())).toBe("IMAGE_LIMIT_EXCEEDED");
  });

  it("stops a blob that unpacks to more than is left", async () => {
    const budget = new Budget();
    budget.spendUncompressed(256 * 2 ** 30 - 1_000_000);
    const blob = new BlobReader(budget);
    await blob.write(gzipSync(Buffer.alloc(50_000_000)));
    expect(await codeOf(blob.end())).toBe("IMAGE_LIMIT_EXCEEDED");
  });
});
