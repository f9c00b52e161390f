import { describe, expect, it } from "vitest";
import { decimal, hasChecksum, numberField, textField } from "../../../../src/image/tar/numbers.ts";

const field = (text: string) => Buffer.from(text, "latin1");

describe("numberField", () => {
  it.each<[string, number | undefined]>([
    ["0000644\0", 0o644],
    ["   644 \0", 0o644],
    ["\0\0 644\0 ", 0o644],
    ["77777777", 0o77777777],
    ["        ", 0],
    ["\0\0\0\0\0\0\0\0", 0],
    ["644\0junk", 0o644],
    ["64 4\0\0\0\0", undefined],
    ["0000648\0", undefined],
    ["-000644\0", undefined],
    ["0x00644\0", undefined],
    ["\x80\0\0\0\0\0\x01\x02", 258],
    ["\x80\0\0\0\x80\0\0\0", 2 ** 31],
    ["\x80\x1f\xff\xff\xff\xff\xff\xff", 2 ** 53 - 1],
    ["\x80\x20\0\0\0\0\0\0", undefined],
    ["\xbf\xff\xff\xff\xff\xff\xff\xff", undefined],
    ["\xff\xff\xff\xff\xff\xff\xff\xff", undefined],
    ["\xc0\0\0\0\0\0\0\x01", undefined],
  ])("reads %j as %s", (text, value) => {
    expect(numberField(field(text), 0, 8)).toBe(value);
    // Wherever it stands, and whatever stands around it.
    expect(numberField(field(`77${text}77`), 2, 8)).toBe(value);
  });

  it("reads twelve digits, and no more than a number holds", () => {
    expect(numberField(field("777777777777"), 0, 12)).toBe(8 ** 12 - 1);
    expect(numberField(field(`\x80${"\xff".repeat(11)}`), 0, 12)).toBeUndefined();
  });
});

describe("decimal", () => {
  it.each<[string, number | undefined]>([
    ["0", 0],
    ["007", 7],
    ["9007199254740991", 2 ** 53 - 1],
    ["9007199254740992", undefined],
    ["00000000000000001", undefined],
    ["", undefined],
    [" 1", undefined],
    ["1\n", undefined],
    ["+1", undefined],
    ["-1", undefined],
    ["1.0", undefined],
    ["1e3", undefined],
    ["0x1", undefined],
    ["\u0661", undefined],
  ])("reads %j as %s", (text, value) => {
    expect(decimal(text)).toBe(value);
  });
});

describe("textField", () => {
  it("ends at a NUL, or with the field", () => {
    expect(textField(field("abcdef"), 1, 3)).toBe("bcd");
    expect(textField(field("ab\0def"), 1, 3)).toBe("b");
    expect(textField(field("abcd\0f"), 1, 3)).toBe("bcd");
    expect(textField(field("\xff\xfe\0"), 0, 3)).toBe("\xff\xfe");
    expect(textField(field("\0a"), 0, 2)).toBe("");
  });
});

describe("hasChecksum", () => {
  it("takes the sum of its bytes, unsigned or signed, and nothing else", () => {
    const block = Buffer.alloc(512).fill(0xff, 0, 10).fill(0x20, 148, 156);
    const state = (sum: number) => {
      const copy = Buffer.from(block);
      copy.write(sum.toString(8).padStart(6, "0"), 148, "latin1");
      copy.write("\0 ", 154, "latin1");
      return hasChecksum(copy);
    };
    const unsigned = 10 * 255 + 8 * 32;
    expect(state(unsigned)).toBe(true);
    expect(state(unsigned - 10 * 256)).toBe(true);
    expect(state(unsigned - 9 * 256)).toBe(false);
    expect(state(unsigned - 1)).toBe(false);
    expect(hasChecksum(Buffer.alloc(512))).toBe(false);
    expect(hasChecksum(Buffer.alloc(512, "z"))).toBe(false);
  });
});
