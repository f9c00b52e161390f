import type { DaoChainError, Verdict } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { toTold } from "../time.ts";

/** The verdict on an image about which an error kept the answer. */
export function unanswered(image: string, error: DaoChainError): Verdict {
  const status = error.outcome === "corrupt" ? "corrupt" : "inconclusive";
  const about = library.aboutImage(image, undefined, Math.floor(Date.now() / 1000));
  return { ...about, status, reasons: [library.reasonOf(error)] };
}

/**
 * Asks about images. Where the time that `--timeout` gave is over first, that is a verdict on each: nobody knows.
 * @throws what `ask` throws, but for that
 */
export async function answerAllInTime(
  context: Context,
  images: readonly string[],
  ask: () => Promise<readonly Verdict[]>,
): Promise<readonly Verdict[]> {
  try {
    context.signal.throwIfAborted();
    return await ask();
  } catch (error) {
    const told = toTold(error, context.signal, context.sent);
    if (library.isDaoChainError(told, "TIMED_OUT")) return images.map((image) => unanswered(image, told));
    throw told;
  }
}

/** The same about one image. */
export async function answerInTime(
  context: Context,
  image: string,
  ask: () => Promise<Verdict>,
): Promise<Verdict> {
  const [verdict] = await answerAllInTime(context, [image], async () => [await ask()]);
  return verdict as Verdict;
}
