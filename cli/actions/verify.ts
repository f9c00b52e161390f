import type { Depth, Moment, Policy, TrustPolicies, Verdict } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { withConnectionAhead } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { showReading } from "../output/reading.ts";
import { verdictLines } from "../output/verdict.ts";
import { parseMoment } from "../time.ts";
import { collectImages, printResults } from "./images.ts";
import { answerAllInTime } from "./unanswered.ts";

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
  const images = await collectImages(context, arguments_, options.file);
  const at = toMoment(options.at);
  const policy = await toPolicy(options);
  const progress = new ProgressDisplay(context);
  const verdicts = await withConnectionAhead(context, (connect) =>
    answerAllInTime(context, images, () =>
      library.verifyImages(
        images.map((image) => ({ image, open: () => library.openImage(image) })),
        connect,
        policy,
        { depth: options.depth, at, signal: context.signal, ...showReading(context, progress) },
      ),
    ),
  ).finally(() => progress.clear());

  printResults(context, verdicts, (verdict) => verdictLines(context, verdict));
  return exitCodeOf(verdicts);
}

/** @throws POLICY_NAMES_SIGNERS, POLICY_INVALID, POLICY_UNREADABLE */
export async function toPolicy({
  org,
  policy,
}: Pick<VerifyOptions, "org" | "policy">): Promise<Policy | TrustPolicies> {
  if (policy === undefined) return { ...library.defaultPolicy, organisation: org };
  if (org === undefined) return library.readTrustPolicies(policy);
  throw library.failure("POLICY_NAMES_SIGNERS");
}

/** @throws MOMENT_INVALID, MOMENT_AHEAD */
function toMoment(text: string | undefined): Moment | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,12}$/.test(text)) return { block: Number(text) };
  const time = parseMoment(text, -1);
  const written = { text: JSON.stringify(text.slice(0, 60)) };
  if (time === undefined) throw library.failure("MOMENT_INVALID", written);
  if (time > Math.floor(Date.now() / 1000)) throw library.failure("MOMENT_AHEAD", written);
  return { time };
}

/** The first denial's code; else 20 if any was inconclusive; else 0. */
export function exitCodeOf(verdicts: readonly Verdict[]): number {
  const codes = verdicts.map(({ status }) => library.verdictStatuses[status]);
  const denial = codes.find((code) => code !== exitCodes.success && code !== exitCodes.inconclusive);
  return denial ?? codes.find((code) => code !== exitCodes.success) ?? exitCodes.success;
}
