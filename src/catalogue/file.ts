import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import type { NetworkProfile } from "../contract/connection.ts";
import { DaoChainError, failure, systemErrorCode } from "../errors.ts";
import { noSpace } from "../files.ts";
import { takeLock } from "../process-lock.ts";
import { Database, isDamage, type Row, requireSqlite } from "./database.ts";
import type { Position } from "./logs.ts";
import { schema, schemaVersion } from "./schema.ts";

/** How long opening may wait for another process that opens or makes the file, in milliseconds. */
const openTime = 5000;
/** Events that are carried over at once: a few megabytes of the log of writes. */
const checkpointEvents = 1500;
/** How long a question may wait for another process, in milliseconds: readers wait for none but one that makes the file anew. */
const readTime = 1000;

/** How far a catalogue has come. */
export interface State {
  /** another after everything was thrown away */
  readonly epoch: number;
  /** number of the last change */
  readonly changes: number;
  readonly position: Position | undefined;
}

/** The file of a catalogue: one connection that reads, which sees whole steps only, and one that writes them. */
export class CatalogueFile {
  readonly path: string;
  readonly #profile: NetworkProfile;
  #reader: Database;
  #writer: Database;
  #generation = 0;
  /** events since the log of writes was last carried over */
  #written = 0;

  private constructor(path: string, profile: NetworkProfile, reader: Database, writer: Database) {
    this.path = path;
    this.#profile = profile;
    this.#reader = reader;
    this.#writer = writer;
  }

  /**
   * Opens the file for this user alone; one that is missing, damaged, of another version or of another chain is made anew.
   * @throws INDEX_FAILED, INDEX_BUSY, NO_SPACE
   */
  static open(path: string, profile: NetworkProfile): CatalogueFile {
    return new CatalogueFile(path, profile, ...openBoth(path, profile));
  }

  get reader(): Database {
    return this.#reader;
  }

  get writer(): Database {
    return this.#writer;
  }

  /** Grows when the file is replaced, which whoever is at a step must know. */
  get generation(): number {
    return this.#generation;
  }

  /** @param database the writer within a step, else the reader */
  state(database = this.#reader): State {
    const row = database.get("SELECT epoch, changes, block, hash, time FROM state") ?? {};
    return {
      epoch: Number(row["epoch"] ?? 0),
      changes: Number(row["changes"] ?? 0),
      position:
        typeof row["block"] === "number"
          ? { block: row["block"], hash: String(row["hash"]), time: Number(row["time"]) }
          : undefined,
    };
  }

  /**
   * Carries what was written over into the file, once it is worth the while.
   * @param events that were written since the last call
   */
  checkpoint(events: number): void {
    this.#written += 1 + events;
    if (this.#written < checkpointEvents) return;
    this.#written = 0;
    // Where somebody still reads what was there before, the rest is carried over another time.
    this.#writer.get("PRAGMA wal_checkpoint(PASSIVE)");
  }

  /** Throws away everything, in a transaction of the writer: whoever else has it open sees it empty. */
  empty(): void {
    makeTables(this.#writer, this.#profile);
  }

  /** Deletes a file that turned out to be damaged, and makes it anew. @throws INDEX_FAILED, INDEX_BUSY, NO_SPACE */
  replace(): void {
    this.#generation++;
    this.close();
    [this.#reader, this.#writer] = openBoth(this.path, this.#profile, true);
  }

  close(): void {
    this.#writer.close();
    this.#reader.close();
  }
}

/**
 * Only one process at a time opens or replaces the file. SQLite's files belong together by their names: one that were put in another's
 * place while that one is being opened would damage both.
 */
function openBoth(
  path: string,
  profile: NetworkProfile,
  isDamaged = false,
): [reader: Database, writer: Database] {
  try {
    requireSqlite();
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    createPrivately(`${path}.lock`);
    const lock = takeLock(`${path}.lock`, openTime);
    if (lock === undefined) throw failure("INDEX_BUSY", { path });
    try {
      if (isDamaged) remove(path);
      try {
        return tryOpen(path, profile);
      } catch (error) {
        if (!isDamage(error)) throw error;
        remove(path);
        return tryOpen(path, profile);
      }
    } finally {
      lock.release();
    }
  } catch (cause) {
    if (cause instanceof DaoChainError) throw cause;
    if (systemErrorCode(cause) === "ENOSPC") throw noSpace(path, cause);
    throw failure("INDEX_FAILED", { path }, { cause });
  }
}

function remove(path: string): void {
  for (const end of ["", "-wal", "-shm", "-journal"]) rmSync(path + end, { force: true });
}

function tryOpen(path: string, profile: NetworkProfile): [reader: Database, writer: Database] {
  createPrivately(path);
  const reader = new Database(path, readTime);
  let writer: Database | undefined;
  try {
    reader.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
    if (!isOurs(reader, profile)) {
      reader.exec("BEGIN IMMEDIATE");
      makeTables(reader, profile);
      reader.exec("COMMIT");
    }
    // A step that another process is at is waited for without holding the thread.
    writer = new Database(path, 0);
    // What a step wrote is carried over in a slice of its own.
    writer.exec(
      "PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = 16777216",
    );
    writer.exec("PRAGMA cache_size = -32768");
    writer.get("SELECT id FROM state");
    return [reader, writer];
  } catch (error) {
    writer?.close();
    reader.close();
    throw isDamage(error) ? error : reader.failure(error);
  }
}

/** SQLite gives the files that it puts beside this one the same mode. */
function createPrivately(path: string): void {
  try {
    closeSync(openSync(path, "wx", 0o600));
  } catch (error) {
    if (systemErrorCode(error) !== "EEXIST") throw error;
  }
}

function isOurs(database: Database, { chainId, genesisHash, registry }: NetworkProfile): boolean {
  if (database.get("PRAGMA user_version")?.["user_version"] !== schemaVersion) return false;
  const {
    chain,
    genesis,
    registry: address,
  }: Row = database.get("SELECT chain, genesis, registry FROM state") ?? {};
  return chain === chainId && genesis === genesisHash && address === registry;
}

/** Puts empty tables in the place of whatever is there. */
function makeTables(database: Database, { chainId, genesisHash, registry }: NetworkProfile): void {
  const tables = database.all(
    "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%'",
  );
  for (const { name } of tables) database.exec(`DROP TABLE "${String(name).replaceAll('"', '""')}"`);
  database.exec(schema);
  database.exec(`PRAGMA user_version = ${schemaVersion}`);
  database.run(
    "INSERT INTO state (id, chain, genesis, registry, epoch, changes) VALUES (1, ?, ?, ?, ?, 0)",
    chainId,
    genesisHash,
    registry,
    Math.floor(Math.random() * Number.MAX_SAFE_INTEGER),
  );
}
