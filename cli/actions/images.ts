import { lstat } from "node:fs/promises";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";
import { transportOf } from "./transport-of.ts";

/** Images in one call, and those of them that are read at a time: the engine is busy with two. */
const maxImages = 10_000;
const parallel = 2;
/** Bytes of a list. */
const maxList = 4 << 20;

/**
 * The images that a call is about: its arguments, then the lines of a list; empty lines and those that begin with # do not count.
 * @param list a file, or - for standard input
 * @throws NO_IMAGE_NAMED, LIST_MISSING, LIST_TOO_LARGE, STDIN_TAKEN_TWICE, TOO_MANY_IMAGES, TRANSPORT_MISSING, REFERENCE_INVALID
 */
export async function collectImages(
  { passwordFd }: Pick<Context, "passwordFd">,
  arguments_: readonly string[],
  list: string | undefined,
): Promise<string[]> {
  const images = [...arguments_];
  if (list !== undefined) {
    if (list === "-" && passwordFd === 0) throw library.failure("STDIN_TAKEN_TWICE");
    const text = await (list === "-" ? readStdin() : library.readSmallFile(list, maxList));
    if (text === undefined) throw library.failure("LIST_MISSING", { file: list });
    images.push(
      ...text
        .split(/\r?\n/)
        .map((line) => line.trim())
        .filter((line) => line !== "" && !line.startsWith("#")),
    );
  }
  if (images.length === 0) throw library.failure("NO_IMAGE_NAMED");
  if (images.length > maxImages)
    throw library.failure("TOO_MANY_IMAGES", { count: images.length, most: maxImages });
  for (const image of images) await requireReference(image);
  return images;
}

/**
 * Makes sure that a text names an image, and not something that lies here by its path alone.
 * @throws REFERENCE_INVALID, TRANSPORT_MISSING
 */
export async function requireReference(image: string): Promise<void> {
  let invalid: unknown;
  try {
    const reference = library.parseImageReference(image);
    const isBare = reference.transport === "docker-daemon" && !reference.explicit;
    if (!isBare || !/\.(?:tar|tgz|tar\.[a-z0-9]{2,4})$/i.test(image)) return;
  } catch (error) {
    invalid = error;
  }
  const transport = (await exists(image)) ? await transportOf(image) : undefined;
  if (transport !== undefined)
    throw library.failure("TRANSPORT_MISSING", { file: image, reference: `${transport}:${image}` });
  if (invalid !== undefined) throw invalid;
}

async function exists(path: string): Promise<boolean> {
  if (path.includes("\0")) return false;
  return lstat(path).then(
    () => true,
    () => false,
  );
}

async function readStdin(): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of process.stdin) {
    pieces.push(piece);
    size += piece.length;
    if (size > maxList) throw library.failure("LIST_TOO_LARGE");
  }
  return Buffer.concat(pieces).toString("utf8");
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
