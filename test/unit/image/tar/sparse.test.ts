import { describe, expect, it } from "vitest";
import { TarError } from "../../../../src/image/tar/error.ts";
import { SparseMap } from "../../../../src/image/tar/sparse.ts";

type Records = Readonly<Record<string, string>>;

function of(records: Records, stored: number): SparseMap | undefined {
  const entries = Object.entries(records).map(([key, value]): [string, string] => [
    `GNU.sparse.${key}`,
    value,
  ]);
  return SparseMap.of(new Map(entries), stored);
}

/** The whole file, from data in pieces of a few bytes. */
function whole(records: Records, data: Buffer, step = data.length): string {
  const map = of(records, data.length) as SparseMap;
  const pieces: Buffer[] = [];
  for (let at = 0; at < data.length; at += step) {
    for (const piece of map.expand(data.subarray(at, at + step))) pieces.push(Buffer.from(piece));
  }
  for (const piece of map.rest()) pieces.push(Buffer.from(piece));
  const content = Buffer.concat(pieces);
  expect(content.length).toBe(map.size);
  return content.toString("latin1").replaceAll("\0", ".");
}

const version1 = { major: "1", minor: "0" };
const head = (...numbers: (number | string)[]) => Buffer.from(`${numbers.join("\n")}\n`.padEnd(512, "\0"));
const withHead = (numbers: (number | string)[], data: string) =>
  Buffer.concat([head(...numbers), Buffer.from(data)]);

describe("SparseMap", () => {
  it.each<[string, Records, Buffer, string]>([
    ["0.1", { size: "8", numblocks: "2", map: "1,2,5,1" }, Buffer.from("abc"), ".ab..c.."],
    [
      "0.1 by its version",
      { major: "0", minor: "1", size: "3", numblocks: "1", map: "0,3" },
      Buffer.from("abc"),
      "abc",
    ],
    [
      "0.0 by its version",
      { major: "0", minor: "0", size: "3", numblocks: "1", map: "3,0" },
      Buffer.from(""),
      "...",
    ],
    ["pieces of no length", { size: "4", numblocks: "3", map: "0,0,1,1,2,0" }, Buffer.from("a"), ".a.."],
    ["1.0", { ...version1, realsize: "6" }, withHead([2, 0, 1, 4, 1], "ab"), "a...b."],
    ["1.0 without pieces", { ...version1, realsize: "3" }, head(0), "..."],
    ["both sizes, which are one", { ...version1, realsize: "2", size: "2" }, withHead([1, 0, 2], "ab"), "ab"],
    ["nothing", { size: "0", numblocks: "1", map: "0,0" }, Buffer.from(""), ""],
  ])("fills holes of format %s, whatever pieces the data comes in", (_what, records, data, expected) => {
    for (const step of [1, 2, 3, 511, 512, 513, data.length || 1]) {
      expect(whole(records, data, step)).toBe(expected);
    }
  });

  it("reads a map of several blocks", () => {
    const extents = Array.from({ length: 200 }, (_, index) => [index * 10, 1]);
    const text = `200\n${extents.flat().join("\n")}\n`;
    const map = Buffer.from(text.padEnd(Math.ceil(text.length / 512) * 512, "\0"));
    const data = Buffer.concat([map, Buffer.alloc(200, "x")]);
    for (const step of [1, 512, 700, data.length]) {
      expect(whole({ ...version1, realsize: "2000" }, data, step)).toBe("x.........".repeat(200));
    }
  });

  it("leaves other files alone", () => {
    expect(SparseMap.of(new Map([["path", "a"]]), 5)).toBeUndefined();
  });

  it.each<[string, Records, number]>([
    ["no size", { numblocks: "1", map: "0,1" }, 1],
    ["a size that is no number", { size: "x", numblocks: "1", map: "0,1" }, 1],
    ["two sizes", { size: "1", realsize: "2", numblocks: "1", map: "0,1" }, 1],
    ["an unknown version", { major: "2", minor: "0", size: "1" }, 1],
    ["half of a version", { major: "1", realsize: "1" }, 1],
    ["an empty version", { major: "", minor: "", size: "1", numblocks: "1", map: "0,1" }, 1],
    ["no map", { size: "1", numblocks: "0" }, 0],
    ["an empty map", { size: "1", numblocks: "0", map: "" }, 0],
    ["no number of pieces", { size: "1", map: "0,1" }, 1],
    ["another number of pieces", { size: "1", numblocks: "2", map: "0,1" }, 1],
    ["half of a piece", { size: "1", numblocks: "1", map: "0" }, 1],
    ["a piece beyond the size", { size: "1", numblocks: "1", map: "1,1" }, 1],
    ["more data than pieces", { size: "2", numblocks: "1", map: "0,1" }, 2],
    ["less data than pieces", { size: "2", numblocks: "1", map: "0,2" }, 1],
    ["a name alone", { name: "x" }, 1],
    ["two maps", { ...version1, realsize: "1", map: "0,1" }, 513],
  ])("refuses %s", (_what, records, stored) => {
    expect(() => of(records, stored)).toThrow(TarError);
  });

  it.each<[string, Buffer]>([
    ["a line that is no number", withHead(["x", 0, 1], "a")],
    ["an empty line", withHead(["", 1, 0, 1], "a")],
    ["a line without end", Buffer.alloc(2000, "1")],
    ["fewer lines than it says", head(2, 0, 1)],
    ["a map that is cut", withHead([1, 0, 1], "a").subarray(0, 300)],
    ["pieces beyond the size", withHead([1, 5, 1], "a")],
    ["more data", withHead([1, 0, 1], "ab")],
    ["less data", withHead([1, 0, 2], "a")],
    ["more pieces than a map can hold", withHead([2 ** 40, 0, 1], "a")],
    ["a map of more than a megabyte", Buffer.from(`600000\n${"0\n".repeat(1_200_000)}`)],
    ["nothing", Buffer.alloc(0)],
  ])("refuses a map before the data with %s, whatever pieces it comes in", (_what, data) => {
    for (const step of [513, data.length || 1]) {
      expect(() => whole({ ...version1, realsize: "2" }, data, step)).toThrow(TarError);
    }
  });
});
