import { expect } from "vitest";
import type { Verdict } from "../../src/internal.ts";

/** The keys of a verdict's JSON, in the order in which they are printed. People script against them. */
export const verdictKeys = [
  "image",
  "status",
  "depth",
  "organisation",
  "repository",
  "tag",
  "subjects",
  "matched",
  "claim",
  "reasons",
  "warnings",
  "checkedAt",
  "chain",
];

/** A verdict as JSON has it. */
export type VerdictJson = Omit<Verdict<string>, "reasons" | "warnings"> & {
  readonly reasons: readonly string[];
  readonly warnings: readonly string[];
};

/** Holds a printed verdict against the shape that every verdict has. */
export function expectVerdict(value: unknown, status: string): VerdictJson {
  expect(value).toMatchObject({ status });
  const verdict = value as VerdictJson;
  expect(Object.keys(verdict)).toEqual(verdictKeys);
  expect(Number.isNaN(Date.parse(verdict.checkedAt))).toBe(false);
  if (verdict.claim !== null) {
    expect(Object.keys(verdict.claim)).toEqual([
      "id",
      "signers",
      "threshold",
      "signedAt",
      "expiresAt",
      "block",
      "transaction",
      "annotations",
    ]);
  }
  if (verdict.chain !== null) expect(Object.keys(verdict.chain)).toEqual(["id", "registry", "block"]);
  return verdict;
}

/** A verdict as its JSON is read: reasons and warnings are English text. */
export function toVerdictJson(verdict: Verdict<string>): VerdictJson {
  return JSON.parse(JSON.stringify(verdict));
}
