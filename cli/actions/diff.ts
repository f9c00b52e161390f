import type { Difference } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { ProgressDisplay } from "../output/progress.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import type { Words } from "../words/words.ts";
import { requireReference } from "./images.ts";

const marks = { added: "+", removed: "-" } as const;

/** Shows how what a container of an image would run differs from what its layers and config say. */
export async function diff(context: Context, image: string): Promise<number> {
  await requireReference(image);
  const { signal, words } = context;
  const progress = new ProgressDisplay(context);
  const differences = await library
    .diffImage(image, { signal, onProgress: (step) => progress.update(image, step) })
    .finally(() => progress.done(image));
  if (context.json) context.result(toJson({ image, differences }));
  else {
    for (const difference of differences) context.result(formatDifference(difference, words));
    if (differences.length === 0) context.note(words.image.diff.same(sanitizeLine(image)));
  }
  return differences.length === 0 ? exitCodes.success : library.verdictStatuses.corrupt;
}

function formatDifference({ path, kind, expected, actual }: Difference, words: Words): string {
  const { config, none } = words.image.diff;
  const place = kind === "config" ? config(path) : path;
  if (kind === "added" || kind === "removed") {
    const what = expected ?? actual;
    return sanitizeLine(`${marks[kind]} ${place}${what === null ? "" : `  ${what}`}`);
  }
  const change = expected === null ? "" : ` ${expected || none} -> ${actual || none}`;
  return sanitizeLine(`~ ${place}  ${kind}${change}`);
}
