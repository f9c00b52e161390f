import { createRequire } from "node:module";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cell, columnsOf, cut, plain, wrap } from "../../../../cli/tui/text/columns.ts";

// Ink lays out by this; it must not think a line shorter than it is.
const fromInk = createRequire(import.meta.resolve("ink"));
const { default: stringWidth } = (await import(fromInk.resolve("string-width"))) as {
  default: (text: string) => number;
};

/** Where neighbours are of different kinds. */
function isDense(code: number): boolean {
  return (
    code < 0x3400 ||
    (code >= 0xa000 && code < 0xac00) ||
    (code >= 0xf900 && code < 0x12000) ||
    (code >= 0x1f000 && code < 0x20000)
  );
}

const wide = "镜像仓库/应用:版本一";
const anyText = fc.string({ unit: "binary", maxLength: 40 });

describe("columns of a text", () => {
  test.each([
    ["ascii", 5],
    ["镜像", 4],
    ["ｱ", 1],
    ["Ａ", 2],
    ["한국", 4],
    ["e\u0301", 1],
    ["🐳", 2],
    ["", 0],
  ])("%j takes %i", (text, columns) => {
    expect(columnsOf(plain(text))).toBe(columns);
  });

  test("are those that Ink reckons with, for every character", () => {
    const differing: string[] = [];
    // Beyond the first planes, few characters are assigned, and those in long runs of one kind.
    for (let code = 0x20; code <= 0x10ffff; code += isDense(code) ? 1 : 257) {
      if (code >= 0xd800 && code <= 0xdfff) continue;
      const text = plain(`a${String.fromCodePoint(code)}b`);
      const own = columnsOf(text);
      if (own < stringWidth(text)) differing.push(code.toString(16));
    }
    expect(differing).toEqual([]);
  });

  test("of any text are not fewer than Ink reckons with", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(columnsOf(plain(text))).toBeGreaterThanOrEqual(stringWidth(plain(text)));
      }),
      { numRuns: 5000 },
    );
  });
});

describe("a text from outside", () => {
  test.each([
    ["\u001b[2Jx\u001b]0;title\u0007", /[\u001b\u0007]/],
    ["a\u202eb\u2066c", /[\u202e\u2066]/],
    ["\u200b\u200d\ufeff\u00ad", /\u200b|\u200d|\ufeff|\u00ad/],
    ["line\nother\r\tcolumn", /[\n\r\t]/],
    ["\u009b31m\u0090", /[\u0080-\u009f]/],
    ["❤\ufe0f👍🏽1\u20e3", /[\ufe0f\u{1f3fd}\u20e3]/u],
    ["\u115f\u3164\u1161", /[\u115f\u3164\u1161]/],
  ])("%j loses what could move a cursor or hide a word", (text, pattern) => {
    expect(plain(text)).not.toMatch(pattern);
  });

  test("becomes the same however often it is made plain, and stays what it was where it is harmless", () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(plain(plain(text))).toBe(plain(text));
      }),
      { numRuns: 2000 },
    );
    for (const text of ["acme/api:1.4.2", wide, "naïve", "Ωmega", "🐳"]) expect(plain(text)).toBe(text);
  });

  test("carries few marks, and is looked at to a bound", () => {
    expect(plain(`a${"\u0334".repeat(1000)}`).length).toBeLessThan(10);
    expect(plain("x".repeat(1_000_000)).length).toBeLessThan(10_000);
  });

  test("shows flags as letters, which every terminal gives the same room", () => {
    expect(plain("🇨🇳")).toBe("CN");
  });
});

describe("cutting", () => {
  test("leaves both ends where a name is cut in its middle, so that its tag stays", () => {
    const name = cut("registry.example.com/organisation/service:1.4.2-alpine", 24, "middle");
    expect(name).toMatch(/^registr…/);
    expect(name).toMatch(/:1\.4\.2-alpine$/);
  });

  test("never splits what takes two columns", () => {
    expect(cut(wide, 6)).toBe("镜像…");
    expect(columnsOf(cut(wide, 6))).toBeLessThanOrEqual(6);
    expect(cell(wide, 6)).toBe("镜像… ");
  });

  test("fits whatever is cut, wherever", () => {
    fc.assert(
      fc.property(
        anyText,
        fc.nat(30),
        fc.constantFrom("end" as const, "middle" as const),
        (text, width, where) => {
          expect(columnsOf(cut(text, width, where))).toBeLessThanOrEqual(width);
          expect(columnsOf(cell(text, width, { where }))).toBe(width);
        },
      ),
      { numRuns: 3000 },
    );
  });

  test("fills up on the side that is wanted", () => {
    expect(cell("7 MB", 8, { align: "right" })).toBe("    7 MB");
    expect(cell("镜像", 8, { align: "right" })).toBe("    镜像");
  });

  test("breaks into lines that fit and lose nothing but the blanks between them", () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 2, max: 30 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(plain(text).replaceAll(" ", ""));
      }),
      { numRuns: 2000 },
    );
  });
});
