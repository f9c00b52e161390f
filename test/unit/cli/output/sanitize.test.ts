import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sanitize, sanitizeLine, toJson } from "../../../../cli/output/sanitize.ts";

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 60 }),
  // Every UTF-16 code unit, lone surrogates too.
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 60 })
    .map((units) => String.fromCharCode(...units)),
  fc.string({
    unit: fc.constantFrom("\u001b", "[", "2", "J", "\r", "\n", "\t", "\u009b", "\u202e", "a"),
    maxLength: 40,
  }),
);

/** What can move a terminal's cursor, hide text or turn it around; written as ranges, apart from the product's classes. */
const dangerous =
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0001}\u{e0020}-\u{e007f}]/u;

describe("sanitize", () => {
  test("leaves nothing dangerous, and changes nothing the second time", () => {
    fc.assert(
      fc.property(text, (given) => {
        const shown = sanitize(given);
        expect(shown).not.toMatch(dangerous);
        expect(shown.isWellFormed()).toBe(true);
        expect(sanitize(shown)).toBe(shown);
        expect(sanitizeLine(given)).not.toMatch(/[\n\r\t]/);
        expect(sanitizeLine(sanitizeLine(given))).toBe(sanitizeLine(given));
      }),
      { numRuns: 5000 },
    );
  });

  test("takes no more than it must", () => {
    const plain = "Zürich, 東京, \u{1f600}, a\tb\nc";
    expect(sanitize(plain)).toBe(plain);
    expect(sanitizeLine("a\n\n\tb")).toBe("a b");
    expect(sanitize("\u001b[31mverified\u001b[0m\r")).toBe("\ufffd[31mverified\ufffd[0m\ufffd");
  });
});

describe("toJson", () => {
  test("is the same JSON, with nothing dangerous in it", () => {
    fc.assert(
      fc.property(text, text, (key, value) => {
        const given = { [`k${key}`]: [value] };
        const json = toJson(given);
        expect(json).not.toMatch(dangerous);
        expect(JSON.parse(json)).toEqual(given);
      }),
      { numRuns: 3000 },
    );
    expect(toJson({ a: "\u009b\u{e0041}" })).toBe('{\n  "a": "\\u009b\\udb40\\udc41"\n}');
  });
});
