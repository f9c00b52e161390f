import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { encodeAnnotations, hashAnnotations, parseAnnotations } from "../../../src/claim/annotations.ts";
import { noAnnotations } from "../../../src/claim/claim.ts";
import { isDaoChainError } from "../../../src/errors.ts";

function codeOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return isDaoChainError(error) ? error.code : error;
  }
  return "no error";
}

describe("encodeAnnotations", () => {
  test("sorts by UTF-16 code units and escapes no more than it must", () => {
    // An emoji's first code unit (d83d) sorts before U+FB33, though its code point is larger (RFC 8785, 3.2.3).
    const annotations = { "\ufb33": "1", "\u{1f600}": "2", "10": "3", "9": "4", é: "5", "\r": "6" };
    expect(encodeAnnotations(annotations)).toBe(
      '{"\\r":"6","10":"3","9":"4","é":"5","\u{1f600}":"2","\ufb33":"1"}',
    );
    expect(encodeAnnotations({ a: '\u0000\b\t\n\f\r"\\/\u007f\u2028<' })).toBe(
      '{"a":"\\u0000\\b\\t\\n\\f\\r\\"\\\\/\u007f\u2028<"}',
    );
  });

  test("is empty without annotations", () => {
    expect(encodeAnnotations({})).toBe("");
    expect(hashAnnotations("")).toBe(noAnnotations);
    expect(parseAnnotations("", noAnnotations)).toEqual({});
  });

  test("takes 64 annotations and 8192 bytes, and no more", () => {
    const many = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, ""]));
    expect(codeOf(() => encodeAnnotations(many(64)))).toBe("no error");
    expect(codeOf(() => encodeAnnotations(many(65)))).toBe("ANNOTATIONS_INVALID");
    const long = (bytes: number) => ({ a: "ä".repeat((bytes - 8) / 2) });
    expect(Buffer.byteLength(encodeAnnotations(long(8192)))).toBe(8192);
    expect(codeOf(() => encodeAnnotations(long(8194)))).toBe("ANNOTATIONS_INVALID");
  });

  test.each<[string, object]>([
    ["a value that is no text", { a: 1 }],
    ["no name", { "": "a" }],
    ["a lone surrogate in a value", { a: "\ud800" }],
    ["a lone surrogate in a name", { "\udc00": "a" }],
  ])("refuses %s", (_, annotations) => {
    expect(codeOf(() => encodeAnnotations(annotations as Record<string, string>))).toBe(
      "ANNOTATIONS_INVALID",
    );
  });
});

describe("parseAnnotations", () => {
  test("gives back what encodeAnnotations took, in any order", () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const entries = fc.uniqueArray(
      fc.tuple(
        text.filter((key) => key !== ""),
        text,
      ),
      {
        selector: ([key]) => key,
        minLength: 1,
        maxLength: 12,
      },
    );
    fc.assert(
      fc.property(entries, (pairs) => {
        const json = encodeAnnotations(Object.fromEntries(pairs));
        expect(encodeAnnotations(Object.fromEntries(pairs.toReversed()))).toBe(json);
        expect(hashAnnotations(json)).toBe(`0x${createHash("sha256").update(json).digest("hex")}`);
        expect(new Map(Object.entries(parseAnnotations(json, hashAnnotations(json))))).toEqual(
          new Map(pairs),
        );
      }),
    );
  });

  test("keeps a name that means something to JavaScript as a name", () => {
    const json = '{"__proto__":"x","constructor":"y"}';
    const parsed = parseAnnotations(json, hashAnnotations(json));
    expect(Object.entries(parsed)).toEqual([
      ["__proto__", "x"],
      ["constructor", "y"],
    ]);
  });

  test("refuses what was not signed", () => {
    expect(codeOf(() => parseAnnotations('{"a":"b"}', hashAnnotations('{"a":"c"}')))).toBe(
      "ANNOTATIONS_INVALID",
    );
    expect(codeOf(() => parseAnnotations("", hashAnnotations('{"a":"c"}')))).toBe("ANNOTATIONS_INVALID");
    expect(codeOf(() => parseAnnotations('{"a":"b"}', noAnnotations))).toBe("ANNOTATIONS_INVALID");
  });

  test.each([
    "{",
    "null",
    "7",
    '"a"',
    "[]",
    '["a"]',
    "{}",
    '{"a":1}',
    '{"a":{"b":"c"}}',
    '{"a":"b" }',
    '{"b":"1","a":"2"}',
    '{"a":"1","a":"2"}',
    '{"a":"\\u0041"}',
    '{"a":"\\ud800"}',
    '{"":"a"}',
    `{"a":"${"b".repeat(8192)}"}`,
    `${"[".repeat(4000)}${"]".repeat(4000)}`,
  ])("refuses %s, however well hashed", (json) => {
    expect(codeOf(() => parseAnnotations(json, hashAnnotations(json)))).toBe("ANNOTATIONS_INVALID");
  });
});
