import type { Connection, Organisation } from "../src/internal.ts";
import * as library from "../src/internal.ts";
import type { Context } from "./context.ts";

/** Connects to this home's chain; whoever does closes the connection. */
export async function openConnection(context: Context): Promise<Connection> {
  const connection = await library.connect(context.home, {
    rpcUrl: context.env["DAOCHAIN_RPC_URL"] || undefined,
    signal: context.signal,
  });
  // What is on its way when the command is broken off must be told.
  return { ...connection, onSent: (transaction) => context.sent.add(transaction) };
}

/** Runs a task against this home's chain and closes the connection. */
export async function withConnection<T>(
  context: Context,
  task: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await openConnection(context);
  try {
    return await task(connection);
  } finally {
    connection.rpc.close();
  }
}

/**
 * The same for a task that may not come to need the chain: it is asked for at once, so that neither waits for the other, and given up
 * where the task ends without it.
 */
export async function withConnectionAhead<T>(
  context: Context,
  task: (connect: () => Promise<Connection>) => Promise<T>,
): Promise<T> {
  const done = new AbortController();
  const connection = library.connect(context.home, {
    rpcUrl: context.env["DAOCHAIN_RPC_URL"] || undefined,
    signal: AbortSignal.any([context.signal, done.signal]),
  });
  connection.catch(() => {});
  try {
    return await task(() => connection);
  } finally {
    done.abort();
    (await connection.catch(() => undefined))?.rpc.close();
  }
}

/**
 * The organisation to act for: the one named, else the one in use.
 * @throws ORGANISATION_NOT_FOUND, ORGANISATION_NOT_CHOSEN
 */
export async function currentOrganisation(
  context: Context,
  connection: Connection,
  name: string | undefined,
): Promise<Organisation> {
  const chosen = name ?? (await library.readSettings(context.home)).organisation;
  if (chosen === undefined) throw library.failure("ORGANISATION_NOT_CHOSEN");
  return library.requireOrganisation(connection, chosen);
}
