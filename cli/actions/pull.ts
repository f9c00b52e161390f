import type { Depth } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { withConnectionAhead } from "../connection.ts";
import type { Context } from "../context.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { verdictLines } from "../output/verdict.ts";
import { collectImages, mapInParallel, printResults } from "./images.ts";
import { answerInTime } from "./unanswered.ts";
import { exitCodeOf } from "./verify.ts";

export interface PullOptions {
  readonly org?: string;
  readonly depth?: Depth;
  readonly platform?: string;
  readonly file?: string;
}

/** Fetches each image that is what its owner signed under its name, and no other. */
export async function pull(
  context: Context,
  arguments_: readonly string[],
  options: PullOptions,
): Promise<number> {
  const images = await collectImages(context, arguments_, options.file);
  const policy = { ...library.defaultPolicy, organisation: options.org, newest: true };
  const { signal } = context;
  const progress = new ProgressDisplay(context);
  const verdicts = await withConnectionAhead(context, (connect) =>
    mapInParallel(images, (image) =>
      answerInTime(context, image, () =>
        library.pullImage(image, connect, policy, {
          depth: options.depth,
          platform: options.platform,
          signal,
          onProgress: (step) => progress.update(image, step),
        }),
      ).finally(() => progress.done(image)),
    ),
  ).finally(() => progress.clear());
  printResults(context, verdicts, (verdict) => verdictLines(context, verdict));
  return exitCodeOf(verdicts);
}
