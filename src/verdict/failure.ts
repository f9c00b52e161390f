import { Advice, DaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import { type Message, say } from "../messages/message.ts";
import { decideInconclusive } from "./decide.ts";
import type { Verdict } from "./verdict.ts";

/**
 * The verdict where an error kept an image from being judged: a registry, daemon or chain that could not be asked is no answer about it.
 * @param facts undefined if it was not read
 * @throws the error itself where the caller must change something (outcome `usage`), where it was cancelled, and where it is a defect
 */
export function verdictOfFailure(error: unknown, image: string, facts: ImageFacts | undefined): Verdict {
  if (!(error instanceof DaoChainError) || error.outcome === "usage" || error.outcome === "cancelled")
    throw error;
  const verdict = decideInconclusive(image, facts, reasonOf(error), Math.floor(Date.now() / 1000));
  return error.outcome === "corrupt" ? { ...verdict, status: "corrupt" } : verdict;
}

/** An error as a verdict's reason: what happened, and what to do next. */
export function reasonOf(error: unknown): Message {
  if (!(error instanceof DaoChainError))
    return say("failure", { error: error instanceof Error ? error.message : String(error) });
  if (error.hint === undefined) return say("failure", { error });
  return say("failure-with-advice", { error, advice: new Advice(error) });
}
