// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of compose are written like that
import { describe, expect, test } from "vitest";
import { interpolate, parseDotenv } from "../../../src/audit/interpolate.ts";
import { codeOf } from "../../support/errors.ts";

const variables = new Map([
  ["NAME", "api"],
  ["TAG", "1.4.2"],
  ["EMPTY", ""],
]);

describe("variables in a compose file", () => {
  test.each([
    ["acme/$NAME:$TAG", "acme/api:1.4.2"],
    ["acme/${NAME}:${TAG}", "acme/api:1.4.2"],
    ["${GONE-else}", "else"],
    ["${EMPTY-else}", ""],
    ["${EMPTY:-else}", "else"],
    ["${TAG:-else}", "1.4.2"],
    ["${GONE:-${ALSO_GONE:-${TAG}}}-x", "1.4.2-x"],
    ["${TAG:+tagged}${EMPTY:+empty}${EMPTY+set}${GONE+gone}", "taggedset"],
    ["${TAG?needed}", "1.4.2"],
    ["${EMPTY?needed}", ""],
    ["a$$NAME$${TAG}", "a$NAME${TAG}"],
    ["${GONE:-$$}", "$"],
    ["${GONE:-}", ""],
    ["plain", "plain"],
  ])("%s becomes %s", (text, expected) => {
    expect(interpolate(text, variables)).toEqual({ text: expected, unset: [] });
  });

  test("that have no value and no default are empty, and told of", () => {
    expect(interpolate("acme/$GONE:${ALSO}", variables)).toEqual({ text: "acme/:", unset: ["GONE", "ALSO"] });
    // What is not used may lack what it likes.
    expect(interpolate("${TAG:-$GONE}", variables).unset).toEqual([]);
    expect(interpolate("${EMPTY:-$GONE}", variables).unset).toEqual(["GONE"]);
  });

  test.each([
    "${GONE?it is needed}",
    "${EMPTY:?}",
    "${GONE",
    "${GONE:-x",
    "$",
    "a$ b",
    "${}",
    "${1}",
    "${NAME!x}",
    "${GONE:-".repeat(100),
  ])("%s is refused", async (text) => {
    expect(await codeOf(async () => interpolate(text, variables))).toBe("VARIABLES_INVALID");
  });
});

test("a .env file is read as compose reads it; the environment counts more", () => {
  const text = [
    "# a comment",
    "A=plain # not of it",
    "export B = 'single $A # kept'",
    'C="double $A\\tand \\$A"',
    "D=${A}-${KNOWN}",
    "E=has#no comment",
    'F="two',
    'lines"',
    "G=",
    "not a line",
    "KNOWN=from the file",
    "H: yaml-like\r",
  ].join("\n");
  expect(Object.fromEntries(parseDotenv(text, new Map([["KNOWN", "outside"]])))).toEqual({
    A: "plain",
    B: "single $A # kept",
    C: "double plain\tand $A",
    D: "plain-outside",
    E: "has#no comment",
    F: "two\nlines",
    G: "",
    KNOWN: "from the file",
    H: "yaml-like",
  });
});
