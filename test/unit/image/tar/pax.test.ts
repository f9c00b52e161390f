import { describe, expect, it } from "vitest";
import { TarError } from "../../../../src/image/tar/error.ts";
import { parsePax, toExtents } from "../../../../src/image/tar/pax.ts";
import { paxRecord } from "../../../support/layer-tar.ts";

const records = (...pairs: [string, string][]) =>
  pairs.map(([key, value]) => paxRecord(key, Buffer.from(value, "latin1")).toString("latin1")).join("");

describe("parsePax", () => {
  it.each<[string, [string, string][], [string, string][]]>([
    ["nothing", [], []],
    ["values with blanks, line feeds and equals signs", [["k", " a=b\nc "]], [["k", " a=b\nc "]]],
    ["bytes", [["path", "\xff"]], [["path", "\xff"]]],
    ["an empty value", [["path", ""]], [["path", ""]]],
    [
      "the last of two",
      [
        ["uid", "1"],
        ["uid", "2"],
      ],
      [["uid", "2"]],
    ],
    ["NULs in other values", [["SCHILY.xattr.user.x", "\0"]], [["SCHILY.xattr.user.x", "\0"]]],
    [
      "pairs of a sparse map as one",
      [
        ["GNU.sparse.offset", "1"],
        ["GNU.sparse.numbytes", "2"],
        ["GNU.sparse.offset", "5"],
        ["GNU.sparse.numbytes", "0"],
      ],
      [["GNU.sparse.map", "1,2,5,0"]],
    ],
  ])("reads %s", (_what, pairs, expected) => {
    expect([...parsePax(records(...pairs))]).toEqual(expected);
  });

  it.each([
    ["no length", "path=a\n"],
    ["a length of zero", "0 path=a\n"],
    ["a length beyond the end", "99 path=a\n"],
    ["a length that ends early", "8 path=a\n"],
    ["a length that is no number", "0x9 path=a\n"],
    ["a length of too many digits", `${"0".repeat(17)}27 path=a\n`],
    ["no equals sign", "7 path\n"],
    ["an equals sign of the next record", `7 path\n${records(["a", "b"])}`],
    ["no line feed", "9 path=ab"],
    ["an empty key", "5 =a\n"],
    ["a length alone", "3"],
    ["a length and a blank", "2 "],
    ["a zero after a record", `${records(["a", "b"])}0 x=y\n`],
    ["a NUL in a name", records(["path", "a\0b"])],
    ["a NUL in a link", records(["linkpath", "a\0b"])],
    ["a NUL in a key", records(["a\0b", "c"])],
    ["a sparse map that begins with a length", records(["GNU.sparse.numbytes", "1"])],
    ["two offsets", records(["GNU.sparse.offset", "1"], ["GNU.sparse.offset", "1"])],
    ["a comma in an offset", records(["GNU.sparse.offset", "1,2"])],
  ])("refuses %s", (_what, text) => {
    expect(() => parsePax(text)).toThrow(TarError);
  });
});

describe("toExtents", () => {
  it("takes pairs in order, within the size", () => {
    expect(toExtents([0, 2, 2, 0, 5, 5], 10)).toEqual([
      { offset: 0, length: 2 },
      { offset: 2, length: 0 },
      { offset: 5, length: 5 },
    ]);
    expect(toExtents([], 0)).toEqual([]);
  });

  it.each([
    [[0], 10],
    [[undefined, 1], 10],
    [[0, 5, 4, 1], 10],
    [[5, 1, 0, 1], 10],
    [[0, 11], 10],
    [[11, 0], 10],
    [[2 ** 53 - 1, 2 ** 53 - 1], 2 ** 53 - 1],
  ])("refuses %j of %s bytes", (numbers, size) => {
    expect(() => toExtents(numbers, size)).toThrow(TarError);
  });
});
