import { statfsSync } from "node:fs";
import { dirname } from "node:path";
import type { DatabaseSync } from "node:sqlite";
import { failure } from "./errors.ts";
import { noSpace } from "./files.ts";

/** Held until released, or until the process is gone. */
export interface Lock {
  release(): void;
}

/** A database that nothing refers to is closed by the garbage collector, and its lock dropped. */
const held = new Set<DatabaseSync>();

/**
 * Takes a lock that one process can have. The operating system holds it for the process (a POSIX record lock, by way
 * of SQLite's exclusive transaction on a file that stays empty) and drops it with the process, however that ends. So
 * nothing can be stale, a reused process id deceives nobody, and it holds between containers that share the
 * directory; network file systems without POSIX locks do not qualify.
 *
 * @param file created where it does not exist; must lie in a directory that exists
 * @param waitMilliseconds how long to wait for another holder
 * @returns undefined while another holds it
 * @throws NO_SPACE, LOCK_FAILED where the file cannot be opened or locked
 */
export function takeLock(file: string, waitMilliseconds = 500): Lock | undefined {
  let database: DatabaseSync | undefined;
  try {
    // Only who takes a lock loads SQLite: Node 22 says that it is experimental.
    const { DatabaseSync } = process.getBuiltinModule("node:sqlite");
    database = new DatabaseSync(file, { timeout: waitMilliseconds });
    // No file beside it: nothing is ever written.
    database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
  } catch (cause) {
    database?.close();
    // SQLite's result codes: 5 is SQLITE_BUSY.
    if (cause instanceof Error && "errcode" in cause && cause.errcode === 5) return undefined;
    if (isFull(dirname(file))) throw noSpace(dirname(file), cause);
    throw failure("LOCK_FAILED", { path: file }, { cause });
  }
  const taken = database;
  held.add(taken);
  return {
    release: () => {
      held.delete(taken);
      taken.close();
    },
  };
}

/** SQLite does not tell a full disk from others that it cannot write to. */
function isFull(directory: string): boolean {
  try {
    const { bavail, ffree } = statfsSync(directory);
    return bavail === 0 || ffree === 0;
  } catch {
    return false;
  }
}
