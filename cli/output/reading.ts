import type { VerifyImagesOptions } from "../../src/internal.ts";
import type { Context } from "../context.ts";
import type { ProgressDisplay } from "./progress.ts";

/** Shows how far images are that are read to be judged together: each while it is read, and how many of several there were. */
export function showReading(
  { words }: Pick<Context, "words">,
  progress: ProgressDisplay,
): Required<Pick<VerifyImagesOptions, "onProgress" | "onRead">> {
  const read = new Set<object>();
  return {
    onProgress: ({ image }, step) => progress.update(image, step),
    onRead: (question, count) => {
      progress.done(question.image);
      read.add(question);
      if (count > 1) progress.words(words.common.images, words.common.imagesRead(read.size, count));
    },
  };
}
