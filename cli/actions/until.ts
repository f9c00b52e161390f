import { setTimeout as sleep } from "node:timers/promises";
import type { Connection, Verdict, VerdictStatus } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { timeThatIsOver } from "../signals.ts";
import { type Outcome, printOutcomes } from "./claim-options.ts";

export interface UntilOptions {
  /** what is waited for: that a claim is recorded, or that it counts */
  readonly until?: "recorded" | "approved";
}

/** How often the chain is asked whether others have signed meanwhile, in milliseconds. */
const interval = 2000;
/** Questions in a row to which it may owe the answer. */
const patience = 30;

/**
 * Waits for the others' signatures where that was asked for, and prints what became of each image.
 * @returns the exit code: still pending when the time that was given is over is 15
 */
export async function printWhenApproved(
  context: Context,
  connection: Connection,
  outcomes: readonly Outcome[],
  { until }: UntilOptions,
): Promise<number> {
  if (until !== "approved") return printOutcomes(context, outcomes);
  const { outcomes: after, isCancelled } = await awaitApprovals(context, connection, outcomes);
  const code = printOutcomes(context, after);
  if (!isCancelled) return code;
  for (const { result } of after)
    if (result.status === "pending") context.note(context.words.image.waitsOn(result.claim?.id ?? ""));
  return exitCodes.cancelled;
}

async function awaitApprovals(
  context: Context,
  connection: Connection,
  before: readonly Outcome[],
): Promise<{ outcomes: readonly Outcome[]; isCancelled: boolean }> {
  const { signal, words } = context;
  const results = before.map(({ result }) => result);
  const progress = new ProgressDisplay(context);
  const isOpen = (): boolean => results.some(({ status }) => status === "pending");
  for (let failures = 0; isOpen() && !signal.aborted; ) {
    for (const { status, image, claim } of results) {
      if (status !== "pending" || claim === null) progress.done(image);
      else progress.words(image, words.image.waitingForSignatures(claim.signers.length, claim.threshold));
    }
    try {
      await sleep(interval, undefined, { signal });
      for (const [at, result] of results.entries())
        if (result.status === "pending") results[at] = await library.followClaim(connection, result);
      failures = 0;
    } catch (error) {
      if (signal.aborted) break;
      const isAnother = library.isDaoChainError(error) && error.outcome === "inconclusive";
      if (!isAnother || ++failures > patience) {
        progress.clear();
        throw error;
      }
    }
  }
  progress.clear();
  return {
    outcomes: results.map((result, at) => ({ result, code: codeOf(result, before[at]) })),
    isCancelled: isOpen() && timeThatIsOver(signal) === undefined,
  };
}

function codeOf({ status }: Verdict<VerdictStatus | "signed">, before: Outcome | undefined): number {
  if (before?.result.status !== "pending") return before?.code ?? exitCodes.success;
  return status === "signed" ? exitCodes.success : library.verdictStatuses[status];
}
