import type { DigestKind } from "../digest/digest.ts";
import type { Depth, Subject } from "../image/image.ts";
import type { Message } from "../messages/message.ts";

/** Every status a verdict can have, with the exit code that it means. The order is that of the codes. */
export const verdictStatuses = {
  verified: 0,
  unsigned: 10,
  mismatch: 11,
  revoked: 12,
  expired: 13,
  untrusted: 14,
  pending: 15,
  denied: 16,
  superseded: 17,
  corrupt: 18,
  inconclusive: 20,
} as const;

/** One of `verdictStatuses`. */
export type VerdictStatus = keyof typeof verdictStatuses;

/** The claim that a verdict rests on. */
export interface VerdictClaim {
  readonly id: string;
  readonly signers: readonly string[];
  readonly threshold: number;
  /** ISO 8601, the moment that the claim itself names */
  readonly signedAt: string;
  readonly expiresAt: string | null;
  readonly block: number;
  readonly transaction: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The answer about one image: data, never an exception. Its keys are the JSON that `verify --json` prints. */
export interface Verdict<Status extends string = VerdictStatus> {
  /** the reference as the caller typed it */
  readonly image: string;
  readonly status: Status;
  /** how much of the image was looked at; null if it could not be read */
  readonly depth: Depth | null;
  /** name of the organisation whose word this is */
  readonly organisation: string | null;
  readonly repository: string | null;
  readonly tag: string | null;
  readonly subjects: readonly Subject[];
  /** the kind of digest by which the claim names this image */
  readonly matched: DigestKind | null;
  readonly claim: VerdictClaim | null;
  /** why the status is what it is, for people; the most important first */
  readonly reasons: readonly Message[];
  readonly warnings: readonly Message[];
  /** ISO 8601 */
  readonly checkedAt: string;
  /** the chain that was asked, and its newest block then; null if it could not be asked */
  readonly chain: { readonly id: number; readonly registry: string; readonly block: number } | null;
}

/** Seconds since 1970 as ISO 8601 in UTC; what lies beyond the last date there is (ECMA-262, "Time Values") is that date. */
export function toIso(seconds: number): string {
  let text = written.get(seconds);
  if (text === undefined) {
    text = new Date(Math.min(seconds * 1000, 8.64e15)).toISOString().replace(".000Z", "Z");
    if (written.size >= maxWritten) written.clear();
    written.set(seconds, text);
  }
  return text;
}

/** Moments that were written before: gates write the same ones thousands of times a second. */
const written = new Map<number, string>();
const maxWritten = 1000;
