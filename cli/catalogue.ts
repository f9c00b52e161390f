import type { Catalogue, Connection, DaoChainError } from "../src/internal.ts";
import * as library from "../src/internal.ts";
import { withConnection } from "./connection.ts";
import type { Context } from "./context.ts";
import { ProgressDisplay } from "./output/progress.ts";
import { sanitizeLine } from "./output/sanitize.ts";
import { formatTime } from "./output/table.ts";

/**
 * Opens this home's catalogue for a task, and closes it.
 * @throws CHAIN_MISSING before the first `up`, INDEX_FAILED, NO_SPACE
 */
export async function withCatalogue<T>(
  context: Context,
  task: (catalogue: Catalogue) => Promise<T>,
): Promise<T> {
  const { home } = context;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) throw library.failure("CHAIN_MISSING", { directory: home.directory });
  const catalogue = library.Catalogue.open(home.catalogue, profile);
  try {
    return await task(catalogue);
  } finally {
    catalogue.close();
  }
}

/**
 * Brings the catalogue to the chain's head. Where that cannot be done it says of when the catalogue is.
 * @throws what kept it, where the catalogue has nothing yet
 */
export async function bringUpToDate(context: Context, catalogue: Catalogue): Promise<void> {
  try {
    await withConnection(context, (connection) => followWithProgress(context, catalogue, connection));
  } catch (error) {
    const { position } = catalogue;
    if (!library.isDaoChainError(error) || error.outcome !== "inconclusive" || position === undefined)
      throw error;
    context.note(staleness(context, error, position));
  }
}

/** The same on a connection that is there, with progress on anything over a second. */
export async function followWithProgress(
  context: Context,
  catalogue: Catalogue,
  connection: Connection,
): Promise<void> {
  const { registry: name, readingBlock } = context.words.common;
  const progress = new ProgressDisplay(context);
  try {
    await catalogue.follow(connection, {
      signal: context.signal,
      onProgress: ({ block, head }) => progress.words(name, readingBlock(block, head)),
    });
  } finally {
    progress.done(name);
  }
}

function staleness(
  { words, translator }: Context,
  error: DaoChainError,
  { block, time }: { block: number; time: number },
): string {
  return sanitizeLine(words.common.staleIndex(translator.error(error).message, block, formatTime(time)));
}
