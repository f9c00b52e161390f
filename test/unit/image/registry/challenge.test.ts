import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseChallenges } from "../../../../src/image/registry/challenge.ts";

const parse = (header: string | undefined) =>
  parseChallenges(header).map(({ scheme, parameters }) => [scheme, Object.fromEntries(parameters)]);

describe("parseChallenges", () => {
  it.each([
    [undefined, []],
    ["", []],
    ["Basic", [["basic", {}]]],
    ['Basic realm="acme"', [["basic", { realm: "acme" }]]],
    [
      'Bearer realm="https://auth.acme.io/token",service="acme", scope="repository:a/b:pull,push"',
      [
        [
          "bearer",
          { realm: "https://auth.acme.io/token", service: "acme", scope: "repository:a/b:pull,push" },
        ],
      ],
    ],
    [
      'bearer REALM = "a" , Basic realm=b',
      [
        ["bearer", { realm: "a" }],
        ["basic", { realm: "b" }],
      ],
    ],
    [
      'Negotiate, Basic realm="x, y"',
      [
        ["negotiate", {}],
        ["basic", { realm: "x, y" }],
      ],
    ],
    [String.raw`Basic realm="a \"b\" \\"`, [["basic", { realm: String.raw`a "b" \ `.trim() }]]],
  ])("reads %j", (header, expected) => {
    expect(parse(header)).toEqual(expected);
  });

  it.each([
    ["a parameter that stands twice", 'Bearer realm="a",realm="b"'],
    ["a quote that does not end", 'Bearer realm="a'],
    ["what follows a quote", 'Bearer realm="a"b'],
    ["no scheme", '="a"'],
    ["more than a header holds", `Bearer realm="${"a".repeat(9000)}"`],
  ])("reads nothing from a header with %s", (_what, header) => {
    expect(parse(header)).toEqual([]);
  });

  it("ends, whatever it is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'aB=",\\ \t~'), maxLength: 200 }), (header) => {
        for (const { scheme } of parseChallenges(header)) expect(scheme).not.toBe("");
      }),
    );
  });
});
