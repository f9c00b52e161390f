import type { DaoChainError, Verdict } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { toTold } from "../time.ts";

/** The verdict on an image about which an error kept the answer. */
export function unanswered(image: string, error: DaoChainError): Verdict {
  const status = error.outcome === "corrupt" ? "corrupt" : "inconclusive";
  const about = library.aboutImage(image, undefined, Math.floor(Date.now() / 1000));
  return { ...about, status, reasons: [reasonOf(error)] };
}

/** An error as a verdict's reason. */
export function reasonOf({ message, hint }: DaoChainError): string {
  return hint === undefined ? message : `${message} ${hint}`;
}

/**
 * Asks about an image. Where the time that `--timeout` gave is over first, that is a verdict too: nobody knows.
 * @throws what `ask` throws, but for that
 */
export async function answerInTime(
  context: Context,
  image: string,
  ask: () => Promise<Verdict>,
): Promise<Verdict> {
  try {
    context.signal.throwIfAborted();
    return await ask();
  } catch (error) {
    const told = toTold(error, context.signal, context.sent);
    if (library.isDaoChainError(told, "TIMED_OUT")) return unanswered(image, told);
    throw told;
  }
}
