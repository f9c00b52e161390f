import { describe, expect, it } from "vitest";
import type { TrustPolicy } from "../../../src/policy/trust-policy.ts";
import { combine } from "../../../src/verdict/combine.ts";
import { aboutImage } from "../../../src/verdict/decide.ts";
import { mayRun } from "../../../src/verdict/levels.ts";
import { type Verdict, type VerdictStatus, verdictStatuses } from "../../../src/verdict/verdict.ts";
import { facts, now, words } from "../../support/evidence.ts";

const verdict = (status: VerdictStatus, organisation = "a"): Verdict => ({
  ...aboutImage("acme/api:1.0", facts(), now),
  status,
  organisation,
  reasons: [words(`${organisation} is ${status}`)],
});
const policy = (needed: number, count: number): TrustPolicy => ({
  name: "p",
  registryScopes: ["*"],
  level: "strict",
  organisations: ["a", "b", "c"].slice(0, count),
  needed,
  newest: true,
  maxAge: undefined,
});

describe("the verdicts of several organisations", () => {
  it.each<[number, VerdictStatus[], VerdictStatus]>([
    [1, ["verified", "unsigned"], "verified"],
    [1, ["revoked", "verified"], "verified"],
    [2, ["verified", "verified"], "verified"],
    [2, ["verified", "unsigned", "verified"], "verified"],
    [2, ["verified", "unsigned"], "untrusted"],
    [2, ["verified", "untrusted"], "untrusted"],
    [2, ["verified", "pending"], "pending"],
    [2, ["verified", "revoked"], "revoked"],
    [1, ["unsigned", "unsigned"], "unsigned"],
    [1, ["unsigned", "revoked"], "revoked"],
    [1, ["mismatch", "expired"], "mismatch"],
    [1, ["unsigned", "inconclusive"], "inconclusive"],
    [2, ["verified", "inconclusive"], "inconclusive"],
    [2, ["unsigned", "inconclusive"], "unsigned"],
    [3, ["verified", "verified", "inconclusive"], "inconclusive"],
    [3, ["verified", "revoked", "inconclusive"], "revoked"],
    [1, ["corrupt", "inconclusive"], "corrupt"],
  ])("%i needed of %j is %s", (needed, statuses, expected) => {
    const verdicts = statuses.map((status, at) => verdict(status, ["a", "b", "c"][at]));
    const combined = combine(policy(needed, statuses.length), verdicts);
    expect(combined.status).toBe(expected);
    expect(combined.reasons.length).toBeGreaterThan(0);
  });

  it("are one's own where only one is asked", () => {
    const only = verdict("pending");
    expect(combine(policy(1, 1), [only])).toBe(only);
    expect(combine({ ...policy(1, 1), organisations: [] }, [only])).toBe(only);
  });
});

describe("a level", () => {
  const statuses = Object.keys(verdictStatuses) as VerdictStatus[];
  const lets = (level: TrustPolicy["level"]) => statuses.filter((status) => mayRun(verdict(status), level));
  it("strict lets what is verified pass, and nothing else", () => {
    expect(lets("strict")).toEqual(["verified"]);
  });
  it("permissive lets what has aged pass, but nothing by somebody else", () => {
    expect(lets("permissive").sort()).toEqual(["expired", "revoked", "superseded", "verified"]);
  });
  it.each(["audit", "skip"] as const)("%s lets all pass but other bytes than were signed", (level) => {
    expect(statuses.filter((status) => !lets(level).includes(status))).toEqual(["mismatch", "corrupt"]);
  });
});
