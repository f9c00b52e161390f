import { DaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
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
  const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
  const verdict = decideInconclusive(image, facts, reason, Math.floor(Date.now() / 1000));
  return error.outcome === "corrupt" || error.outcome === "mismatch"
    ? { ...verdict, status: error.outcome }
    : verdict;
}
