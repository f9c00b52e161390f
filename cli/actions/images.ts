import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";

/** Images in one call, and those of them that are read at a time: the engine is busy with two. */
const maxImages = 10_000;
const parallel = 2;

/**
 * The images that a call is about: its arguments, then the lines of a list; empty lines and those that begin with # do not count.
 * @throws USAGE, REFERENCE_INVALID
 */
export async function collectImages(
  arguments_: readonly string[],
  list: string | undefined,
): Promise<string[]> {
  const images = [...arguments_];
  if (list !== undefined) {
    const text = await library.readSmallFile(list, 4 << 20);
    if (text === undefined) throw new library.DaoChainError("USAGE", `The list ${list} does not exist.`);
    images.push(
      ...text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#")),
    );
  }
  if (images.length === 0) {
    throw new library.DaoChainError("USAGE", "No image is named.", {
      hint: "Name one or more, or a file that lists them: --file LIST.",
    });
  }
  if (images.length > maxImages) {
    throw new library.DaoChainError(
      "USAGE",
      `${images.length} images are too many for one call; ${maxImages} are the most.`,
    );
  }
  for (const image of images) library.parseImageReference(image);
  return images;
}

/** Applies a task to each image, a few at a time, and keeps their order. Nothing is begun after the first error. */
export function mapInParallel<T, R>(
  items: readonly T[],
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  return library.inParallel(items, parallel, task);
}

/** One result as JSON is an object, several are an array; as text, each takes its lines. */
export function printResults<T>(
  context: Context,
  results: readonly T[],
  format: (result: T) => readonly string[],
): void {
  if (context.json) {
    context.result(toJson(results.length === 1 ? results[0] : results));
    return;
  }
  for (const result of results) for (const line of format(result)) context.result(line);
}
