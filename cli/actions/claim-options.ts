import type { Annotations, Verdict, VerdictStatus } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { verdictLines } from "../output/verdict.ts";
import { parseMoment, toTold } from "../time.ts";
import { printResults } from "./images.ts";
import { unanswered } from "./unanswered.ts";

/** What is signed beside an image's digests, and for whom. */
export interface ClaimOptions {
  readonly org?: string;
  readonly account?: string;
  /** an ISO date, or a span such as 90d */
  readonly expires?: string;
  /** key=value */
  readonly annotation?: readonly string[];
}

/** What became of one image, and the exit code that it asks for. */
export interface Outcome {
  readonly result: Verdict<VerdictStatus | "signed">;
  readonly code: number;
}

/**
 * One image that cannot be read or recorded does not keep the others from being signed: it is a result of its own.
 * @param alone an only image's wrong usage is the call's
 */
export async function attempt(
  context: Context,
  image: string,
  alone: boolean,
  task: () => Promise<Verdict<"signed" | "pending">>,
): Promise<Outcome> {
  try {
    const result = await task();
    if (result.claim !== null) context.sent.delete(result.claim.transaction);
    return { result, code: exitCodes.success };
  } catch (cause) {
    const error = toTold(cause, context.signal, context.sent);
    if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
    if (alone && error.outcome === "usage") throw error;
    return { result: unanswered(image, error), code: exitCodes[error.outcome] };
  }
}

/** @throws ANNOTATION_INVALID */
export function toAnnotations(pairs: readonly string[]): Annotations {
  const entries = pairs.map((pair): [string, string] => {
    const at = pair.indexOf("=");
    if (at < 1) throw library.failure("ANNOTATION_INVALID", { text: JSON.stringify(pair.slice(0, 100)) });
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** Seconds since 1970, 0 for never. @throws EXPIRY_INVALID */
export function toExpiry(text: string | undefined): number {
  if (text === undefined) return 0;
  const time = parseMoment(text, 1);
  if (time !== undefined && time > Math.floor(Date.now() / 1000)) return time;
  throw library.failure("EXPIRY_INVALID", { text: JSON.stringify(text.slice(0, 60)) });
}

const { revoked, expired, pending } = library.verdictStatuses;
/** Of several exit codes the one to end with, from the gravest. */
const gravest = [exitCodes.corrupt, exitCodes.usage, exitCodes.inconclusive, revoked, expired, pending];

/** @returns the exit code that all of them together ask for */
export function printOutcomes(context: Context, outcomes: readonly Outcome[]): number {
  const results = outcomes.map(({ result }) => result);
  printResults(context, results, (result) => verdictLines(context, result));
  const codes = new Set<number>(outcomes.map(({ code }) => code));
  return gravest.find((code) => codes.has(code)) ?? exitCodes.success;
}
