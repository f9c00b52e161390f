import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { type Digest, digestToBytes32 } from "../digest/digest.ts";
import { cancelled, failure } from "../errors.ts";
import { TimeSlices } from "../time-slices.ts";
import { type Database, isDamage, prefixOf, type Value } from "./database.ts";
import type { CatalogueEntry, CatalogueOrganisation, CatalogueQuery } from "./entry.ts";
import { CatalogueFile } from "./file.ts";
import { type CatalogueChange, Following, type FollowOptions, type FollowResult } from "./follow.ts";
import { newKnownIds } from "./index-writer.ts";
import type { Position } from "./logs.ts";
import { entryQuery, toEntry, toOrganisation } from "./rows.ts";
import { SearchIndex } from "./search.ts";
import { RegistrySnapshot } from "./snapshot.ts";

/** Entries that one question brings at most, where it does not say so itself. */
const maxEntries = 1000;

/**
 * An index of the registry in a file: what was claimed, by whom, and what it is worth. It follows the chain step by step, and can be made
 * anew from the chain at any time; a step is whole or it never happened, so that a process that is killed loses nothing but work. Several
 * processes may have it open, and follow, at once.
 *
 * Nothing in it is a verdict, or evidence for one by itself: it tells what one endpoint said at one moment, and anyone who can write the file
 * can change it. Whether an image is good is asked of the chain itself, by `verifyImage`, or of a `Follower`, which keeps a catalogue of its
 * own and compares it with the contract.
 *
 * @example
 * const catalogue = Catalogue.open(home.catalogue, connection.profile);
 * await catalogue.follow(connection);
 * for (const { repository, tag } of catalogue.find({ text: "api" }, { offset: 0, limit: 20 })) console.log(repository, tag);
 * catalogue.close();
 */
export class Catalogue {
  readonly #file: CatalogueFile;
  readonly #profile: NetworkProfile;
  readonly #index = new SearchIndex();
  readonly #followed: FollowResult = {
    known: newKnownIds(),
    epoch: undefined,
    seen: undefined,
  };
  readonly #closing = new AbortController();
  /** the last of those that follow, each of which waits for the one before */
  #turn: Promise<unknown> | undefined;

  private constructor(file: CatalogueFile, profile: NetworkProfile) {
    this.#file = file;
    this.#profile = profile;
    const { epoch, position } = this.#read(() => file.state());
    this.#followed.epoch = epoch;
    this.#followed.seen = position?.block;
  }

  /**
   * Opens a home's catalogue; one that is damaged, of another version or of another chain is made anew.
   * @param file created for this user alone where it does not exist
   * @throws INDEX_FAILED, INDEX_BUSY, SQLITE_MISSING, NO_SPACE
   */
  static open(file: string, profile: NetworkProfile): Catalogue {
    return new Catalogue(CatalogueFile.open(file, profile), profile);
  }

  /** The last block that is in it, and its time in seconds since 1970; undefined before the first. @throws INDEX_FAILED, INDEX_BUSY */
  get position(): Position | undefined {
    return this.#read(() => this.#file.state().position);
  }

  /**
   * Brings it to the chain's head. The thread is held for no more than a few milliseconds at a time.
   * @throws HISTORY_IMPOSSIBLE, CHAIN_KEEPS_CHANGING, BLOCK_UNTOLD, RECEIPT_UNTOLD, RECORD_UNTOLD, BLOCK_TOO_LARGE, EVENTS_INVALID where the
   *   chain tells what cannot be, or not enough; CHAIN_NOT_PINNED; INDEX_OF_OTHER_CHAIN, INDEX_FAILED, INDEX_BUSY, NO_SPACE; as `JsonRpc.callAll`
   */
  follow(
    connection: Connection,
    options: FollowOptions & {
      /** whether a search is to come, for which what is searched is read into memory; not unless something was searched before */
      readonly search?: boolean | undefined;
    } = {},
  ): Promise<CatalogueChange> {
    const before = this.#turn;
    const signals = [this.#closing.signal, options.signal].filter((signal) => signal !== undefined);
    const bounded = { ...options, signal: AbortSignal.any(signals) };
    const turn = (async () => {
      await before?.catch(() => {});
      return this.#follow(connection, bounded);
    })();
    this.#turn = turn;
    const done = (): void => {
      if (this.#turn !== turn) return;
      this.#turn = undefined;
      if (this.#closing.signal.aborted) this.#file.close();
    };
    turn.then(done, done);
    return turn;
  }

  async #follow(
    connection: Connection,
    options: FollowOptions & { readonly search?: boolean | undefined; readonly signal: AbortSignal },
  ): Promise<CatalogueChange> {
    const { chainId, genesisHash, registry } = connection.profile;
    const own = this.#profile;
    if (chainId !== own.chainId || genesisHash !== own.genesisHash || registry !== own.registry) {
      throw failure("INDEX_OF_OTHER_CHAIN");
    }
    let wasDamaged = false;
    for (;;) {
      if (options.signal.aborted) throw cancelled();
      const { generation } = this.#file;
      try {
        const following = new Following(this.#file, connection, this.#followed, options);
        const change = await following.run(async (slices) => {
          if (this.#index.isUsed) await this.#prepare(slices);
        });
        if (options.search === true || this.#index.isUsed)
          await this.#prepare(new TimeSlices(options.signal));
        return wasDamaged ? { ...change, rebuilt: true } : change;
      } catch (error) {
        const isGone = this.#file.generation !== generation;
        if (wasDamaged || !(isGone || isDamage(error))) throw this.#file.reader.failure(error);
        wasDamaged = true;
        if (!isGone) this.#file.replace();
      }
    }
  }

  /**
   * Reads what is searched into memory, a little at a time; the first search does it at once otherwise.
   * @throws INDEX_FAILED, INDEX_BUSY, CANCELLED
   */
  async prepare(signal?: AbortSignal): Promise<void> {
    await this.#prepare(new TimeSlices(signal));
  }

  async #prepare(slices: TimeSlices): Promise<void> {
    while (!this.#read((database) => this.#index.advance(database, this.#file.state()))) {
      if (slices.isOver) await slices.rest();
    }
  }

  /** How many entries a query means. @param now seconds since 1970 @throws INDEX_FAILED, INDEX_BUSY */
  count(query: CatalogueQuery, now = currentTime()): number {
    return this.#search(query, now).count;
  }

  /** Some of the entries that a query means. @param now seconds since 1970 @throws INDEX_FAILED, INDEX_BUSY */
  find(
    query: CatalogueQuery,
    page: { readonly offset: number; readonly limit: number },
    now = currentTime(),
  ): CatalogueEntry[] {
    const ids = this.#search(query, now).ids(page.offset, page.limit);
    return ids.flatMap((id) => this.#entries("c.id = ?", [id], now));
  }

  #search(query: CatalogueQuery, now: number): ReturnType<SearchIndex["find"]> {
    return this.#read((database) => {
      const state = this.#file.state();
      // While it follows, what is found may be of a moment ago: taking everything up is a part of following.
      if (this.#turn === undefined || !this.#index.isReady(state)) {
        while (!this.#index.advance(database, state));
      }
      return this.#index.find(database, query, now);
    });
  }

  /** @param claim a claim's id @throws INDEX_FAILED, INDEX_BUSY */
  entry(claim: string, now = currentTime()): CatalogueEntry | undefined {
    const hash = toHash(claim);
    return hash && this.#entries("c.prefix = ? AND c.hash = ? AND c.shown = 1", hash, now)[0];
  }

  /** The claims that were signed at once, in their order. @param record id of a batch, or of a claim that was signed alone */
  inRecord(record: string, now = currentTime()): CatalogueEntry[] {
    const hash = toHash(record);
    if (hash === undefined) return [];
    return this.#entries("r.prefix = ? AND r.hash = ? AND c.shown = 1 ORDER BY c.id", hash, now);
  }

  /** Entries that name one of the digests, newest first: a thousand at most. @throws INDEX_FAILED, INDEX_BUSY */
  naming(digests: readonly Digest[], now = currentTime()): CatalogueEntry[] {
    const ids = this.#read((database) =>
      digests.flatMap((digest) =>
        database
          .all(
            `SELECT claim FROM subjects WHERE prefix = ? ORDER BY claim DESC LIMIT ${maxEntries}`,
            prefixOf(digestToBytes32(digest).slice(2)),
          )
          .map(({ claim }) => Number(claim)),
      ),
    );
    return [...new Set(ids)]
      .sort((a, b) => b - a)
      .slice(0, maxEntries)
      .flatMap((id) => this.#entries("c.id = ? AND c.shown = 1", [id], now))
      .filter(({ subjects }) => subjects.some(({ digest }) => digests.includes(digest)))
      .sort((a, b) => b.issuedAt - a.issuedAt);
  }

  /** By name. @throws INDEX_FAILED, INDEX_BUSY */
  organisations(): CatalogueOrganisation[] {
    return this.#read((database) =>
      database
        .all("SELECT id, hash, name, display_name, threshold FROM organisations ORDER BY name")
        .map((row) => toOrganisation(database, row)),
    );
  }

  /** @throws INDEX_FAILED, INDEX_BUSY */
  organisation(name: string): CatalogueOrganisation | undefined {
    return this.#read((database) => {
      const row = database.get(
        "SELECT id, hash, name, display_name, threshold FROM organisations WHERE name = ?",
        name,
      );
      return row && toOrganisation(database, row);
    });
  }

  /**
   * Claims of an organisation that wait for signatures, newest first: a thousand at most. What expired or was revoked waits in vain, and is
   * left out.
   * @throws INDEX_FAILED, INDEX_BUSY
   */
  pending(organisation: string, now = currentTime()): CatalogueEntry[] {
    const id = this.#read((database) =>
      database.get("SELECT id FROM organisations WHERE name = ?", organisation),
    )?.["id"];
    if (id === undefined) return [];
    const entries = this.#entries(
      `r.organisation = ? AND (r.threshold = 0 OR r.approvals < r.threshold) AND c.shown = 1 AND c.revoked = 0
        AND (c.expires_at = 0 OR c.expires_at > ?) ORDER BY r.id DESC, c.id DESC LIMIT ${maxEntries}`,
      [Number(id), now],
      now,
    );
    return entries.filter(({ standing }) => standing === "pending");
  }

  /**
   * Has a task look at the registry as of one block.
   * @param task what it gets is good until it returns; undefined where the registry was not read yet
   * @throws what the task throws, INDEX_FAILED, INDEX_BUSY
   */
  look<T>(task: (snapshot: RegistrySnapshot | undefined) => T): T {
    return this.#read((database) => {
      // Another process may write between two questions.
      database.exec("BEGIN");
      try {
        const { epoch, changes, position } = this.#file.state(database);
        return task(position && new RegistrySnapshot(database, epoch, changes, position));
      } finally {
        if (database.isInTransaction) database.exec("COMMIT");
      }
    });
  }

  /** Throws away everything, which is read again from the chain when it is followed; not while it is. @throws INDEX_FAILED, INDEX_BUSY, NO_SPACE */
  clear(): void {
    const { writer } = this.#file;
    try {
      writer.exec("BEGIN IMMEDIATE");
      this.#file.empty();
      writer.exec("COMMIT");
    } catch (error) {
      if (writer.isInTransaction) writer.exec("ROLLBACK");
      throw writer.failure(error);
    }
  }

  /** Gives up following, and closes the file. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    if (this.#turn === undefined) this.#file.close();
  }

  #entries(where: string, values: readonly Value[], now: number): CatalogueEntry[] {
    return this.#read((database) =>
      database.all(`${entryQuery} WHERE ${where}`, ...values).map((row) => toEntry(database, row, now)),
    );
  }

  /** Asks the file; one that turns out to be damaged is made anew, and is empty until it is followed. */
  #read<T>(task: (database: Database) => T): T {
    try {
      return task(this.#file.reader);
    } catch (error) {
      if (!isDamage(error)) throw this.#file.reader.failure(error);
      this.#file.replace();
      return task(this.#file.reader);
    }
  }
}

function currentTime(): number {
  return Math.floor(Date.now() / 1000);
}

/** What a hash is looked up by, and the hash. @returns undefined where it is none */
function toHash(hex: string): [prefix: number, hash: Buffer] | undefined {
  if (!/^0x[0-9a-f]{64}$/i.test(hex)) return undefined;
  return [prefixOf(hex.slice(2)), Buffer.from(hex.slice(2), "hex")];
}
