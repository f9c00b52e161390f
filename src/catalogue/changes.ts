import type { Connection } from "../contract/connection.ts";
import { type Digest, digestFromBytes32 } from "../digest/digest.ts";
import { type Database, prefixOf } from "./database.ts";
import type { CatalogueEvent } from "./events.ts";
import { type CatalogueHistoryEntry, isHistoryEvent, readHistoryEntries } from "./history.ts";
import type { Answer } from "./logs.ts";
import { unpackSubjects } from "./subjects.ts";

/** Acts that are kept for whoever asks afterwards. */
const keptActs = 1000;

/** What is new to a process while it follows. */
export class Changes {
  readonly #connection: Connection;
  /** acts as the chain logged them: most are never shown */
  #acts: unknown[] = [];
  readonly #digests = new Set<string>();
  readonly #organisations = new Set<string>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  clear(): void {
    this.#acts = [];
    this.#digests.clear();
    this.#organisations.clear();
  }

  /** The newest acts, oldest first. @throws as `readHistoryEntries` */
  acts(database: Database): Promise<CatalogueHistoryEntry[]> {
    return this.#toActs(database, this.#acts);
  }

  /** Digests that claims or revocations named. */
  digests(): Set<Digest> {
    return new Set([...this.#digests].map((hex) => digestFromBytes32(`0x${hex}`)));
  }

  /** Names of the organisations that did something. */
  organisations(database: Database): Set<string> {
    return new Set([...this.#organisations].flatMap((hash) => nameOf(database, hash) ?? []));
  }

  /**
   * Takes up what happened in some blocks, which must be in the catalogue.
   * @param seen the last block that is not news
   * @param onActs gets the acts
   */
  async add(
    database: Database,
    answer: Answer,
    events: readonly CatalogueEvent[],
    seen: number,
    onActs: ((acts: readonly CatalogueHistoryEntry[]) => void | Promise<void>) | undefined,
  ): Promise<void> {
    const acts = answer.raw.filter((_, at) => {
      const log = answer.logs[at];
      return log !== undefined && log.block > seen && isHistoryEvent(log.topics[0] ?? "");
    });
    if (onActs !== undefined && acts.length > 0) await onActs(await this.#toActs(database, acts));
    this.#acts = [...this.#acts, ...acts].slice(-keptActs);
    for (const event of events) {
      if (event.block <= seen) continue;
      this.#organisations.add(event.organisation);
      if (event.kind === "subject") this.#digests.add(event.digest);
      else if (event.kind === "revoked" && event.what === "digest") this.#digests.add(event.id);
      else if (event.kind === "revoked") this.#addRevoked(database, event.id);
    }
  }

  /** The digests of a claim, or of a batch's claims, that fell. */
  #addRevoked(database: Database, id: string): void {
    const key = [prefixOf(id), Buffer.from(id, "hex")];
    const rows = database.all(
      `SELECT subjects FROM claims WHERE prefix = ? AND hash = ?
        UNION ALL SELECT c.subjects FROM records r JOIN claims c ON c.record = r.id WHERE r.prefix = ? AND r.hash = ?`,
      ...key,
      ...key,
    );
    for (const { subjects } of rows) {
      for (const { digest } of unpackSubjects(subjects as Uint8Array))
        this.#digests.add(digest.slice("sha256:".length));
    }
  }

  #toActs(database: Database, logs: readonly unknown[]): Promise<CatalogueHistoryEntry[]> {
    return readHistoryEntries(this.#connection, logs, (organisation) =>
      nameOf(database, organisation.slice(2)),
    );
  }
}

function nameOf(database: Database, hash: string): string | undefined {
  const row = database.get("SELECT name FROM organisations WHERE hash = ?", Buffer.from(hash, "hex"));
  return row === undefined ? undefined : String(row["name"]);
}
