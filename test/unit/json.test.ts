import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isDaoChainError } from "../../src/errors.ts";
import { member, parseStrictJson, stringsMember, toObject } from "../../src/json.ts";

function parse(text: string | Uint8Array): unknown {
  try {
    return parseStrictJson(typeof text === "string" ? Buffer.from(text) : text, "test");
  } catch (error) {
    if (isDaoChainError(error)) return error.code;
    throw error;
  }
}

describe("parseStrictJson", () => {
  it("agrees with JSON.parse on every document without repeated names", () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it.each([
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"x":{"b":[],"b":[]}}',
    '[{"a":"}","a" : 1}]',
    '{"a\\"":1,"a\\"":2}',
  ])("refuses the repeated name in %s", (text) => {
    expect(parse(text)).toBe("JSON_INVALID");
  });

  it.each([
    '{"a":{"a":{"a":1}}}',
    '[{"a":1},{"a":2}]',
    '{"a":"a","b":"{\\"a\\":1,\\"a\\":2}"}',
    '{"a":"\\\\","b":1}',
  ])("accepts %s, where no object has a name twice", (text) => {
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it("finds a repeated name wherever it stands", () => {
    fc.assert(
      fc.property(fc.string(), fc.jsonValue({ maxDepth: 3 }), (name, value) => {
        const key = JSON.stringify(name);
        expect(parse(`{"_":[${JSON.stringify(value)},{${key}:1,"other ${name.length}":2,${key}:3}]}`)).toBe(
          "JSON_INVALID",
        );
      }),
    );
  });

  it("refuses what is not JSON, UTF-8 or is nested too deeply", () => {
    expect(parse("")).toBe("JSON_INVALID");
    expect(parse("{}x")).toBe("JSON_INVALID");
    expect(parse("\ufeff{}")).toBe("JSON_INVALID");
    expect(parse(Buffer.from([0x22, 0xff, 0x22]))).toBe("JSON_INVALID");
    expect(parse("[".repeat(64) + "]".repeat(64))).toEqual(expect.any(Array));
    expect(parse("[".repeat(65) + "]".repeat(65))).toBe("JSON_INVALID");
    expect(parse("[".repeat(1_000_000))).toBe("JSON_INVALID");
    expect(parse(`"${'\\"'.repeat(1_000_000)}`)).toBe("JSON_INVALID");
  });

  it("refuses more than 4 MiB", () => {
    expect(parse(`"${"x".repeat(4 * 1024 * 1024)}"`)).toBe("JSON_TOO_LARGE");
  });
});

describe("member", () => {
  const read = (text: string, name: string) => {
    try {
      return member(toObject(parseStrictJson(Buffer.from(text), "test"), "test"), name, "test");
    } catch (error) {
      if (isDaoChainError(error)) return error.code;
      throw error;
    }
  };

  it.each(["Layers", "LAYERS", "layer\u017f"])("refuses %s beside or in the place of layers", (other) => {
    expect(read(`{"layers":1,${JSON.stringify(other)}:2}`, "layers")).toBe("JSON_INVALID");
    expect(read(`{${JSON.stringify(other)}:2}`, "layers")).toBe("JSON_INVALID");
  });

  it("sees own members only", () => {
    expect(read("{}", "toString")).toBeUndefined();
    expect(read('{"__proto__":{"layers":1}}', "layers")).toBeUndefined();
  });
});

describe("stringsMember", () => {
  it("bounds the number of elements", () => {
    expect(stringsMember({ a: ["x", "y"] }, "a", "test", 2)).toEqual(["x", "y"]);
    expect(() => stringsMember({ a: ["x", "y"] }, "a", "test", 1)).toThrow(
      expect.objectContaining({ code: "JSON_LIST_TOO_LONG" }),
    );
    expect(() => stringsMember({ a: [1] }, "a", "test", 1)).toThrow(
      expect.objectContaining({ code: "JSON_INVALID" }),
    );
  });
});
