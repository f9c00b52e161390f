import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { pathToFileURL } from "node:url";
import type { NetworkProfile } from "../contract/connection.ts";
import { failure } from "../errors.ts";
import { isDamage, requireSqlite } from "./database.ts";
import type { Position } from "./logs.ts";
import { schemaVersion } from "./schema.ts";

/** How long reading may wait for another process, in milliseconds. */
const waitTime = 200;

/** What a home's index holds, for whoever must change nothing: no file is made, repaired or left behind. */
export interface ReadOnlyCatalogue {
  /** undefined before the first block, and where the index is another version's or another chain's */
  readonly position: Position | undefined;
  /** whether it is this version's and this chain's; otherwise it is made anew at its next use */
  readonly isCurrent: boolean;
  /** names of its organisations, at most 1000 */
  organisations(): string[];
  close(): void;
}

/**
 * Opens a home's index without changing anything.
 * @returns undefined where there is none
 * @throws INDEX_UNREADABLE; SQLITE_MISSING where this Node has no SQLite
 */
export function openReadOnlyCatalogue(file: string, profile: NetworkProfile): ReadOnlyCatalogue | undefined {
  if (!existsSync(file)) return undefined;
  let database: DatabaseSync | undefined;
  const attempt = <T>(task: () => T): T => {
    try {
      return task();
    } catch (cause) {
      throw failure("INDEX_UNREADABLE", { file }, { cause });
    }
  };
  try {
    database = attempt(() => open(file));
    const connection = database;
    const { isCurrent, position } = attempt(() => readState(connection, profile));
    return {
      position,
      isCurrent,
      organisations: () =>
        isCurrent
          ? attempt(() =>
              connection
                .prepare("SELECT name FROM organisations ORDER BY name LIMIT 1000")
                .all()
                .map(({ name }) => String(name)),
            )
          : [],
      close: () => connection.close(),
    };
  } catch (error) {
    database?.close();
    throw error;
  }
}

function open(file: string): DatabaseSync {
  const { DatabaseSync } = requireSqlite();
  const options = { readOnly: true, timeout: waitTime };
  // Where nobody has it open, SQLite would leave files beside it that were not there before.
  if (existsSync(`${file}-wal`)) return new DatabaseSync(file, options);
  const url = pathToFileURL(file);
  url.searchParams.set("immutable", "1");
  try {
    return new DatabaseSync(url, options);
  } catch (error) {
    // Before 22.15, Node takes paths alone.
    if (error instanceof TypeError) return new DatabaseSync(file, options);
    throw error;
  }
}

function readState(
  database: DatabaseSync,
  { chainId, genesisHash, registry }: NetworkProfile,
): Pick<ReadOnlyCatalogue, "isCurrent" | "position"> {
  database.exec("PRAGMA trusted_schema = OFF");
  if (database.prepare("PRAGMA user_version").get()?.["user_version"] !== schemaVersion)
    return { isCurrent: false, position: undefined };
  try {
    const state = database.prepare("SELECT chain, genesis, registry, block, hash, time FROM state").get();
    const isCurrent =
      state?.["chain"] === chainId && state["genesis"] === genesisHash && state["registry"] === registry;
    const block = state?.["block"];
    return {
      isCurrent,
      position:
        isCurrent && typeof block === "number"
          ? { block, hash: String(state?.["hash"]), time: Number(state?.["time"]) }
          : undefined,
    };
  } catch (error) {
    // Other tables than ours.
    if (isDamage(error)) return { isCurrent: false, position: undefined };
    throw error;
  }
}
