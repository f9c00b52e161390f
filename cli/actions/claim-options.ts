import type { Annotations, Verdict, VerdictStatus } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { formatVerdict } from "../output/verdict.ts";
import { parseMoment } from "../time.ts";
import { printResults } from "./images.ts";

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
  image: string,
  alone: boolean,
  task: () => Promise<Verdict<"signed" | "pending">>,
): Promise<Outcome> {
  try {
    return { result: await task(), code: exitCodes.success };
  } catch (error) {
    if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
    if (alone && error.outcome === "usage") throw error;
    const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    const status =
      error.outcome === "corrupt" || error.outcome === "mismatch" ? error.outcome : "inconclusive";
    const about = library.aboutImage(image, undefined, Math.floor(Date.now() / 1000));
    return { result: { ...about, status, reasons: [reason] }, code: exitCodes[error.outcome] };
  }
}

/** @throws USAGE */
export function toAnnotations(pairs: readonly string[]): Annotations {
  const entries = pairs.map((pair): [string, string] => {
    const at = pair.indexOf("=");
    if (at < 1) {
      throw new library.DaoChainError(
        "USAGE",
        `${JSON.stringify(pair.slice(0, 100))} is not an annotation.`,
        {
          hint: "Write it as --annotation key=value.",
        },
      );
    }
    return [pair.slice(0, at), pair.slice(at + 1)];
  });
  return Object.fromEntries(entries);
}

/** Seconds since 1970, 0 for never. @throws USAGE */
export function toExpiry(text: string | undefined): number {
  if (text === undefined) return 0;
  const time = parseMoment(text, 1);
  if (time !== undefined && time > Math.floor(Date.now() / 1000)) return time;
  throw new library.DaoChainError(
    "USAGE",
    `${JSON.stringify(text.slice(0, 60))} is not a time in the future.`,
    { hint: "Write --expires 90d (s, m, h, d, w, y) or a date such as 2030-01-31." },
  );
}

/** @returns the exit code that all of them together ask for */
export function printOutcomes(context: Context, outcomes: readonly Outcome[]): number {
  const results = outcomes.map(({ result }) => result);
  printResults(context, results, (result) =>
    context.quiet ? [`${result.status} ${sanitizeLine(result.image)}`] : formatVerdict(result, context.style),
  );
  const codes = new Set(outcomes.map(({ code }) => code));
  const worst = [exitCodes.corrupt, exitCodes.usage, exitCodes.inconclusive].find((code) => codes.has(code));
  return worst ?? exitCodes.success;
}
