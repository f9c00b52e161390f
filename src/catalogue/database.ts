import type { DatabaseSync, SQLInputValue, SQLOutputValue, StatementSync } from "node:sqlite";
import { failure } from "../errors.ts";
import { noSpace } from "../files.ts";

export type Value = SQLInputValue;
export type Row = Record<string, SQLOutputValue>;

/** Primary result codes of SQLite (https://www.sqlite.org/rescode.html). */
const codes = {
  error: 1,
  busy: 5,
  locked: 6,
  corrupt: 11,
  full: 13,
  constraint: 19,
  notDatabase: 26,
} as const;
/** An extended one: a file that is shorter than it says. */
const shortRead = 522;

/** A connection to a file, with its statements prepared once. All SQL is ours; whatever came from elsewhere is bound to it. */
export class Database {
  readonly #file: string;
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  /**
   * @param wait how long the thread may wait for another process's lock, in milliseconds
   * @throws SQLITE_MISSING where this Node has no SQLite; SQLite's own error where the file cannot be opened
   */
  constructor(file: string, wait: number) {
    this.#file = file;
    const { DatabaseSync } = requireSqlite();
    this.#connection = new DatabaseSync(file, { timeout: wait });
    // A file that somebody else made runs nothing of theirs.
    this.#connection.exec("PRAGMA trusted_schema = OFF");
  }

  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** @returns how many rows were changed, and the id of the row where one was inserted */
  run(sql: string, ...values: Value[]): { readonly id: number; readonly changes: number } {
    const { lastInsertRowid, changes } = this.#prepare(sql).run(...values);
    return { id: Number(lastInsertRowid), changes: Number(changes) };
  }

  get(sql: string, ...values: Value[]): Row | undefined {
    return this.#prepare(sql).get(...values);
  }

  all(sql: string, ...values: Value[]): Row[] {
    return this.#prepare(sql).all(...values);
  }

  get isInTransaction(): boolean {
    return this.#connection.isTransaction;
  }

  close(): void {
    this.#statements.clear();
    this.#connection.close();
  }

  /** Another's error as one for people. */
  failure(error: unknown): unknown {
    const code = codeOf(error);
    if (code === undefined) return error;
    const path = this.#file;
    if ((code & 0xff) === codes.full) return noSpace(path, error);
    return isBusy(error)
      ? failure("INDEX_BUSY", { path }, { cause: error })
      : failure("INDEX_FAILED", { path }, { cause: error });
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/** Only who opens a catalogue loads SQLite: before Node 22.13 it is missing. @throws SQLITE_MISSING */
export function requireSqlite(): typeof import("node:sqlite") {
  const sqlite = process.getBuiltinModule("node:sqlite") as typeof import("node:sqlite") | undefined;
  if (sqlite !== undefined) return sqlite;
  throw failure("SQLITE_MISSING", { version: process.versions.node });
}

/** What a hash is looked up by. @param hex without 0x */
export function prefixOf(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16);
}

/** A text that people chose, as it is kept. */
export function fromText(text: string): Buffer {
  return Buffer.from(text);
}

/** The text that is kept so. */
export function toText(value: unknown): string {
  return value instanceof Uint8Array
    ? Buffer.from(value.buffer, value.byteOffset, value.length).toString()
    : "";
}

/** Whether another process holds a lock. */
export function isBusy(error: unknown): boolean {
  const code = codeOf(error);
  return code !== undefined && [codes.busy, codes.locked].some((other) => other === (code & 0xff));
}

/** Whether a row is there already. */
export function isConstraint(error: unknown): boolean {
  return ((codeOf(error) ?? 0) & 0xff) === codes.constraint;
}

/** Whether the file is not, or not any more, what was written: damaged, or with other tables than ours. */
export function isDamage(error: unknown): boolean {
  const code = codeOf(error);
  if (code === undefined) return false;
  return (
    code === shortRead ||
    [codes.error, codes.corrupt, codes.notDatabase].some((other) => other === (code & 0xff))
  );
}

function codeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error)) return undefined;
  return typeof error.errcode === "number" ? error.errcode : undefined;
}
