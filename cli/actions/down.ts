import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";

/** Stops the embedded chain. What it recorded stays. */
export async function down(context: Context): Promise<number> {
  const { chain } = context.words;
  const stopped = await library.stopEmbeddedChain({
    directory: context.home.chain,
    signal: context.signal,
  });
  if (context.json) context.result(toJson({ stopped }));
  else if (!context.quiet) context.result(stopped ? chain.stopped : chain.notRunning);
  return 0;
}
