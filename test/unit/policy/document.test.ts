import { describe, expect, it } from "vitest";
import { parseTrustPolicies } from "../../../src/policy/document.ts";
import { codeOf } from "../../support/errors.ts";

const policy = {
  name: "ours",
  registryScopes: ["docker.io/acme/**", "registry.acme.io:5000/*"],
  signatureVerification: { level: "strict" },
};
const document = (policies: unknown): unknown => ({ version: "1.0", trustPolicies: policies });
const parse = (value: unknown) => parseTrustPolicies(Buffer.from(JSON.stringify(value)), "policy.json");

describe("a policy document", () => {
  it("is read with what is left out filled in", () => {
    expect(parse(document([policy])).all).toEqual([
      {
        name: "ours",
        registryScopes: policy.registryScopes,
        level: "strict",
        organisations: [],
        needed: 1,
        newest: true,
        maxAge: undefined,
      },
    ]);
  });

  it.each([
    [{ any: ["a", "b"] }, 1],
    [{ all: ["a", "b", "c"] }, 3],
    [{ atLeast: 2, of: ["a", "b", "c"] }, 2],
  ])("asks for %j by a count of %i", (organisations, needed) => {
    expect(
      parse(document([{ ...policy, organisations, maxAge: "90d", allowSuperseded: true }])).all[0],
    ).toMatchObject({
      needed,
      maxAge: 90 * 86_400,
      newest: false,
    });
  });

  it.each([
    ["another version", { version: "2.0", trustPolicies: [policy] }],
    ["no policy", document([])],
    ["a word that means nothing", document([{ ...policy, expires: "90d" }])],
    ["a word in other letters", document([{ ...policy, MaxAge: "90d" }])],
    ["a level that is none", document([{ ...policy, signatureVerification: { level: "none" } }])],
    ["a level of an object's own", document([{ ...policy, signatureVerification: { level: "toString" } }])],
    ["an override", document([{ ...policy, signatureVerification: { level: "strict", override: {} } }])],
    ["no scope", document([{ ...policy, registryScopes: [] }])],
    ["a scope with a tag's letters", document([{ ...policy, registryScopes: ["docker.io/acme/Api"] }])],
    ["a scope without a registry", document([{ ...policy, registryScopes: ["acme"] }])],
    ["a scope of three stars", document([{ ...policy, registryScopes: ["docker.io/***"] }])],
    ["a scope without end", document([{ ...policy, registryScopes: [`a.io/${"*a".repeat(200)}`] }])],
    ["one scope twice", document([policy, { ...policy, name: "other" }])],
    ["one name twice", document([policy, { ...policy, registryScopes: ["*"] }])],
    ["no organisation", document([{ ...policy, organisations: { any: [] } }])],
    ["one organisation twice", document([{ ...policy, organisations: { all: ["a", "a"] } }])],
    ["more than there are", document([{ ...policy, organisations: { atLeast: 3, of: ["a", "b"] } }])],
    ["none of them", document([{ ...policy, organisations: { atLeast: 0, of: ["a"] } }])],
    ["two ways to count", document([{ ...policy, organisations: { any: ["a"], all: ["b"] } }])],
    ["a span that is none", document([{ ...policy, maxAge: "soon" }])],
    ["no time at all", document([{ ...policy, maxAge: "0d" }])],
    ["a number for a span", document([{ ...policy, maxAge: 90 }])],
    ["a word for yes", document([{ ...policy, allowSuperseded: "yes" }])],
    ["a list", []],
  ])("is refused with %s", async (_, value) => {
    expect(await codeOf(async () => parse(value))).toBe("POLICY_INVALID");
  });

  it.each([
    ["nothing", ""],
    ["something cut off", JSON.stringify(document([policy])).slice(0, -1)],
    ["a name twice in one object", '{"version":"1.0","version":"1.0","trustPolicies":[]}'],
    ["bytes that are no text", Buffer.from([0x7b, 0xff, 0x7d])],
    ["more than a mebibyte", " ".repeat((1 << 20) + 1)],
    ["depth without end", "[".repeat(100_000)],
  ])("is refused where it is %s", async (_, text) => {
    expect(await codeOf(async () => parseTrustPolicies(Buffer.from(text), "policy.json"))).toBe(
      "POLICY_UNREADABLE",
    );
  });
});

describe("the policy for a repository", () => {
  const of = (...scopes: string[]) =>
    parse(document(scopes.map((scope, at) => ({ ...policy, name: `${at}`, registryScopes: [scope] }))));
  const chosen = (scopes: string[], repository: string | undefined, carried = true): string | undefined => {
    const found = of(...scopes).for({
      name: repository === undefined ? undefined : { repository, tag: "1", carried },
    });
    return found?.registryScopes[0];
  };

  it.each([
    [["docker.io/acme/api"], "docker.io/acme/api", "docker.io/acme/api"],
    [["docker.io/acme/api"], "docker.io/acme/api2", undefined],
    [["docker.io/acme/*"], "docker.io/acme/api", "docker.io/acme/*"],
    [["docker.io/acme/*"], "docker.io/acme/api/deep", undefined],
    [["docker.io/acme/**"], "docker.io/acme/api/deep", "docker.io/acme/**"],
    [["docker.io/acme/**"], "docker.io/acme2/api", undefined],
    [["docker.io/acme/**"], "evil.io/docker.io/acme/api", undefined],
    [["docker.io/acme-*/api"], "docker.io/acme-x/api", "docker.io/acme-*/api"],
    [["docker.io/*/api"], "docker.io/acme/api", "docker.io/*/api"],
    [["docker.io/*/api"], "docker.io/acme/team/api", undefined],
    [["docker.io/**/api"], "docker.io/acme/team/api", "docker.io/**/api"],
    [["docker.io/**/api"], "docker.io/acme/team/apis", undefined],
    // A dot is a dot.
    [["docker.io/acme/api"], "dockerxio/acme/api", undefined],
    [
      ["*", "docker.io/**", "docker.io/acme/*", "docker.io/acme/api"],
      "docker.io/acme/api",
      "docker.io/acme/api",
    ],
    [
      ["*", "docker.io/**", "docker.io/acme/*", "docker.io/acme/api"],
      "docker.io/acme/web",
      "docker.io/acme/*",
    ],
    [["*", "docker.io/**", "docker.io/acme/*", "docker.io/acme/api"], "docker.io/other/web", "docker.io/**"],
    [["*", "docker.io/**", "docker.io/acme/*", "docker.io/acme/api"], "quay.io/other/web", "*"],
    [["*", "docker.io/**"], undefined, "*"],
    [["docker.io/**"], undefined, undefined],
  ])("of %j for %s is %s", (scopes, repository, expected) => {
    expect(chosen(scopes, repository)).toBe(expected);
  });

  it("is not that of a name which was only made from a file's", () => {
    expect(chosen(["docker.io/acme/*"], "docker.io/acme/api", false)).toBeUndefined();
    expect(chosen(["docker.io/acme/*", "*"], "docker.io/acme/api", false)).toBe("*");
  });

  it("is found at once for a name made to keep a pattern busy", () => {
    const start = performance.now();
    expect(chosen([`docker.io/${"*a".repeat(100)}`], `docker.io/${"a".repeat(240)}b`)).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
