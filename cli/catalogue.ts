import type { Catalogue, Connection, DaoChainError } from "../src/index.ts";
import * as library from "../src/index.ts";
import { withConnection } from "./connection.ts";
import type { Context } from "./context.ts";
import { ProgressDisplay } from "./output/progress.ts";
import { sanitizeLine } from "./output/sanitize.ts";
import { formatTime } from "./output/table.ts";

/**
 * Opens this home's catalogue for a task, and closes it.
 * @throws CHAIN_NOT_RUNNING before the first `up`, CATALOGUE_FAILED, NO_SPACE
 */
export async function withCatalogue<T>(
  context: Context,
  task: (catalogue: Catalogue) => Promise<T>,
): Promise<T> {
  const { home } = context;
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) {
    throw new library.DaoChainError("CHAIN_NOT_RUNNING", `There is no chain under ${home.directory} yet.`, {
      hint: "Run daochain up to make one.",
    });
  }
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
    context.note(staleness(error, position));
  }
}

/** The same on a connection that is there, with progress on anything over a second. */
export async function followWithProgress(
  context: Context,
  catalogue: Catalogue,
  connection: Connection,
): Promise<void> {
  const progress = new ProgressDisplay(context);
  const name = "registry";
  try {
    await catalogue.follow(connection, {
      signal: context.signal,
      onProgress: ({ block, head }) => progress.words(name, `reading block ${block} of ${head}`),
    });
  } finally {
    progress.done(name);
  }
}

function staleness(error: DaoChainError, { block, time }: { block: number; time: number }): string {
  return sanitizeLine(
    `warning: ${error.message} What follows is as of block ${block}, ${formatTime(time)}; what was revoked since is not in it.`,
  );
}
