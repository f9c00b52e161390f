import type { Level } from "../policy/trust-policy.ts";
import type { Verdict, VerdictStatus } from "./verdict.ts";

const aged: readonly VerdictStatus[] = ["expired", "revoked", "superseded"];
const unknown: readonly VerdictStatus[] = ["unsigned", "untrusted", "pending", "denied", "inconclusive"];

/**
 * What each level lets pass although it is not verified. The levels and what they leave out are those of Notary Project's trust policies:
 * permissive enforces who signed, audit and skip nothing but that the bytes are what was signed, which passes at none.
 */
const lets: Readonly<Record<Level, readonly VerdictStatus[]>> = {
  strict: [],
  permissive: aged,
  audit: [...aged, ...unknown],
  skip: [...aged, ...unknown],
};

/** Whether an image may run where a policy of this level is kept. */
export function mayRun({ status }: Verdict, level: Level): boolean {
  return status === "verified" || lets[level].includes(status);
}
