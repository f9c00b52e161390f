import { type Database, fromText, prefixOf, type Row, type Value } from "./database.ts";
import type { CatalogueEvent, Hex } from "./events.ts";
import { findOwner } from "./namespace-owner.ts";

/** Events that do not go together with what is recorded: something is missing, or was told twice. */
export class Inconsistent extends Error {
  override readonly name = "Inconsistent";
}

/** Ids that were looked up; they stay as long as nothing is thrown away. */
export interface KnownIds {
  readonly organisations: Map<Hex, number>;
  readonly repositories: Map<string, number>;
  /** whether an organisation has revoked anything yet */
  readonly revoking: Map<number, boolean>;
}

export function newKnownIds(): KnownIds {
  return { organisations: new Map(), repositories: new Map(), revoking: new Map() };
}

export function forget({ organisations, repositories, revoking }: KnownIds): void {
  for (const known of [organisations, repositories, revoking]) known.clear();
}

const maxKnown = 50_000;
/** Rows that are looked at before the thread may be left to others. */
export const rowsAtOnce = 500;

/** The events of one kind. */
export type EventOf<Kind extends CatalogueEvent["kind"]> = Extract<CatalogueEvent, { readonly kind: Kind }>;

/** What one step writes into, and looks things up in. */
export class IndexWriter {
  readonly database: Database;
  readonly known: KnownIds;
  /** number of this change */
  readonly change: number;
  /** records whose standing has changed */
  readonly touched = new Set<number>();

  constructor(database: Database, known: KnownIds, change: number) {
    this.database = database;
    this.known = known;
    this.change = change;
  }

  organisation(hash: Hex): number {
    const known = this.known.organisations.get(hash);
    if (known !== undefined) return known;
    const found = this.database.get("SELECT id FROM organisations WHERE hash = ?", blob(hash));
    if (found === undefined) throw new Inconsistent("an organisation that was never admitted");
    const id = Number(found["id"]);
    this.known.organisations.set(hash, id);
    return id;
  }

  repository(name: string): number {
    const { repositories } = this.known;
    const known = repositories.get(name);
    if (known !== undefined) return known;
    const found = this.database.get("SELECT id FROM repositories WHERE name = ?", fromText(name));
    const id =
      found === undefined
        ? this.database.run(
            "INSERT INTO repositories (name, owner, changed) VALUES (?, ?, ?)",
            fromText(name),
            findOwner(this.database, name) ?? null,
            this.change,
          ).id
        : Number(found["id"]);
    if (repositories.size >= maxKnown) repositories.clear();
    repositories.set(name, id);
    return id;
  }

  /** The record of that hash, which is made where there is none yet. */
  recordFor(hash: Hex, organisation: number): number {
    const found = this.#findRecord(hash);
    if (found === undefined) {
      return this.database.run(
        "INSERT INTO records (hash, prefix, organisation) VALUES (?, ?, ?)",
        blob(hash),
        prefixOf(hash),
        organisation,
      ).id;
    }
    if (found["organisation"] !== organisation) throw new Inconsistent("a record of two organisations");
    return Number(found["id"]);
  }

  #findRecord(hash: Hex): Row | undefined {
    return this.database.get(
      "SELECT id, organisation, signers FROM records WHERE prefix = ? AND hash = ?",
      prefixOf(hash),
      blob(hash),
    );
  }

  /** A record that must be there. */
  record(organisation: Hex, record: Hex): { id: number; own: number; signers: Buffer } {
    const own = this.organisation(organisation);
    const found = this.#findRecord(record);
    if (found === undefined || found["organisation"] !== own)
      throw new Inconsistent("a record that was never told of");
    return { id: Number(found["id"]), own, signers: toBlob(found["signers"]) };
  }

  /** A statement that must change one thing. */
  changeOne(sql: string, ...values: Value[]): void {
    if (this.database.run(sql, ...values).changes !== 1)
      throw new Inconsistent("something changed that was not there");
  }
}

export function blob(hex: Hex): Buffer {
  return Buffer.from(hex, "hex");
}

export function toBlob(value: unknown): Buffer {
  if (!(value instanceof Uint8Array)) throw new Inconsistent("a hash that is none");
  return Buffer.from(value.buffer, value.byteOffset, value.length);
}
