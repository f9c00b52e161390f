import type { Depth, Moment, Policy, TrustPolicies, Verdict } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import { withConnectionAhead } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { showReading } from "../output/reading.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import { formatVerdict } from "../output/verdict.ts";
import { parseMoment } from "../time.ts";
import { collectImages, printResults } from "./images.ts";

export interface VerifyOptions {
  readonly org?: string;
  readonly depth?: Depth;
  readonly file?: string;
  /** a file of policies */
  readonly policy?: string;
  /** a block's number, a date or time, or a span back from now */
  readonly at?: string;
}

/** Says of each image whether it is what its maker signed. */
export async function verify(
  context: Context,
  arguments_: readonly string[],
  options: VerifyOptions,
): Promise<number> {
  const images = await collectImages(arguments_, options.file);
  const at = toMoment(options.at);
  const policy = await toPolicy(options);
  const progress = new ProgressDisplay(context);
  const verdicts = await withConnectionAhead(context, (connect) =>
    library.verifyImages(
      images.map((image) => ({ image, open: () => library.openImage(image) })),
      connect,
      policy,
      { depth: options.depth, at, signal: context.signal, ...showReading(context, progress) },
    ),
  ).finally(() => progress.clear());

  printResults(context, verdicts, (verdict) =>
    context.quiet ? [`${verdict.status} ${sanitizeLine(verdict.image)}`] : formatVerdict(verdict, context),
  );
  return exitCodeOf(verdicts);
}

/** @throws USAGE, CONFIGURATION_INVALID */
export async function toPolicy({
  org,
  policy,
}: Pick<VerifyOptions, "org" | "policy">): Promise<Policy | TrustPolicies> {
  if (policy === undefined) return { ...library.defaultPolicy, organisation: org };
  if (org === undefined) return library.readTrustPolicies(policy);
  throw new library.DaoChainError("USAGE", "A policy file says itself who must have signed.", {
    hint: "Leave out --org, or --policy.",
  });
}

function toMoment(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return { block: Number(text) };
  const time = parseMoment(text, -1);
  if (time !== undefined) return { time };
  throw new library.DaoChainError(
    "USAGE",
    `${JSON.stringify(text.slice(0, 60))} is neither a block nor a moment.`,
    {
      hint: "Write --at 1234, --at 2026-01-31T14:00:00Z, or --at 3d for three days ago.",
    },
  );
}

/** The first denial's code; else 20 if any was inconclusive; else 0. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  const codes = verdicts.map(({ status }) => library.verdictStatuses[status]);
  const denial = codes.find((code) => code !== exitCodes.success && code !== exitCodes.inconclusive);
  return denial ?? codes.find((code) => code !== exitCodes.success) ?? exitCodes.success;
}
