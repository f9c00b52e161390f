import { type Database, prefixOf, type Row, toText } from "./database.ts";
import type { CatalogueQuery, Standing } from "./entry.ts";
import type { State } from "./file.ts";
import { merge } from "./merge.ts";
import { standingOf } from "./rows.ts";
import { parseWords, type Word } from "./search-terms.ts";
import { unpackSubjects } from "./subjects.ts";

/** Rows that are read at once. */
const rowsAtOnce = 400;
/** Items that are sorted as soon as they are found. */
const sortedAtOnce = 1000;
/** Claims whose digests or ids begin with what was typed, at most. */
const maxByHash = 10_000;

interface Repository {
  /** the organisation that owns it */
  owner: number | undefined;
}

/** What a search looks at of one claim. */
interface Item {
  readonly id: number;
  /** a small number of its own */
  readonly slot: number;
  /** in small letters: repository:tag, a space, the organisation's name */
  readonly text: string;
  readonly organisation: number;
  readonly repository: Repository;
  readonly issuedAt: number;
  readonly expiresAt: number;
  readonly revoked: boolean;
  readonly approvals: number;
  readonly threshold: number;
  /** counted once, but is not what its tag means now */
  readonly superseded: boolean;
}

const columns = `c.id, c.tag, c.tag_key IS NOT NULL AS has_tag, c.issued_at, c.expires_at, c.head, c.revoked, c.shown, c.changed, c.repository,
  p.name AS repository_name, r.organisation, o.name AS organisation_name, r.threshold, r.approvals, r.stale`;
const joins = `JOIN records r ON r.id = c.record JOIN organisations o ON o.id = r.organisation
  JOIN repositories p ON p.id = c.repository`;

/**
 * What is searched, kept in memory: to look through a hundred thousand short texts takes a few milliseconds whatever is looked for, and gives
 * order and count with it. An index of the database's own (trigrams) is quicker where little is found and far slower where much is.
 */
export class SearchIndex {
  #epoch: number | undefined;
  /** the last change that is in it */
  #changes = -1;
  #items = new Map<number, Item>();
  #repositories = new Map<number, Repository>();
  /** oldest first */
  #byTime: Item[] = [];
  #byName: Item[] = [];
  #bySlot: Item[] = [];
  /** of the items by name: to walk along numbers is quicker than along the items themselves */
  #slotsByName = new Uint32Array();
  /** what is being taken up */
  #work: Generator<void, void> | undefined;
  #found: Found | undefined;

  /** Whether anything was searched yet. */
  get isUsed(): boolean {
    return this.#epoch !== undefined;
  }

  /** Whether there is something to search, though it may be of a moment ago. */
  isReady(state: State): boolean {
    return this.#epoch === state.epoch && this.#changes >= 0;
  }

  /** Does a little of the work of taking up what has changed. @returns whether all of it is done */
  advance(database: Database, state: State): boolean {
    if (this.#epoch !== state.epoch) {
      this.#work = undefined;
      this.#epoch = state.epoch;
      this.#changes = -1;
      this.#items = new Map();
      this.#repositories = new Map();
      this.#byTime = [];
      this.#byName = [];
      this.#bySlot = [];
      this.#slotsByName = new Uint32Array();
      this.#found = undefined;
    }
    if (this.#work === undefined && this.#changes === state.changes) return true;
    this.#work ??= this.#takeUp(database, state);
    if (this.#work.next().done === true) this.#work = undefined;
    return this.#work === undefined && this.#changes === state.changes;
  }

  *#takeUp(database: Database, state: State): Generator<void, void> {
    const since = this.#changes;
    for (let [change, after] = [since, Number.MAX_SAFE_INTEGER]; ; ) {
      const rows = database.all(
        `SELECT id, owner, changed FROM repositories WHERE (changed, id) > (?, ?) ORDER BY changed, id LIMIT ${rowsAtOnce}`,
        change,
        after,
      );
      for (const { id, owner } of rows)
        this.#repository(Number(id)).owner = owner === null ? undefined : Number(owner);
      if (rows.length < rowsAtOnce) break;
      [change, after] = lastOf(rows);
      yield;
    }
    const fresh = new Map<number, Item>();
    const gone = new Set<number>();
    for (let [change, after] = [since, Number.MAX_SAFE_INTEGER]; ; ) {
      const rows = database.all(
        `SELECT ${columns} FROM claims c ${joins} WHERE (c.changed, c.id) > (?, ?) ORDER BY c.changed, c.id LIMIT ${rowsAtOnce}`,
        change,
        after,
      );
      for (const row of rows) {
        const id = Number(row["id"]);
        fresh.delete(id);
        const slot = this.#items.get(id)?.slot ?? this.#bySlot.length;
        this.#items.delete(id);
        gone.add(id);
        if (row["shown"] !== 1) continue;
        const item = toItem(row, slot, this.#repository(Number(row["repository"])));
        this.#bySlot[item.slot] = item;
        this.#items.set(id, item);
        fresh.set(id, item);
      }
      if (rows.length < rowsAtOnce) break;
      [change, after] = lastOf(rows);
      yield;
    }
    const added = [...fresh.values()];
    const byTimeNow = yield* merge(this.#byTime, added, gone, oldestFirst);
    const byNameNow = yield* merge(this.#byName, added, gone, byName);
    this.#byTime = byTimeNow;
    this.#byName = byNameNow;
    this.#slotsByName = Uint32Array.from(byNameNow, ({ slot }) => slot);
    this.#changes = state.changes;
    this.#found = undefined;
  }

  /**
   * The ids of the claims that a query means, in its order.
   * @param now seconds since 1970
   */
  find(
    database: Database,
    query: CatalogueQuery,
    now: number,
  ): { readonly count: number; ids(offset: number, limit: number): number[] } {
    const items = this.#search(database, query, now);
    return {
      count: items.length,
      ids: (offset, limit) => items.slice(offset, offset + limit).map(({ id }) => id),
    };
  }

  #search(database: Database, query: CatalogueQuery, now: number): readonly Item[] {
    const { text: typed = "", order = "newest", ...rest } = query;
    const key = JSON.stringify([rest, now]);
    const before = this.#found?.key === key ? this.#found : undefined;
    if (before?.typed === typed && before.order === order) return before.ordered;
    const organisation =
      query.organisation === undefined
        ? undefined
        : Number(
            database.get("SELECT id FROM organisations WHERE name = ?", query.organisation)?.["id"] ?? -1,
          );
    const words = parseWords(typed).map((word) => ({
      ...word,
      ids: word.digits === undefined ? undefined : findByHash(database, word.digits),
    }));
    const standing: Standing | "any" = query.standing ?? "good";
    const matches = (item: Item): boolean =>
      (query.superseded === true || !item.superseded) &&
      (organisation === undefined || item.organisation === organisation) &&
      (query.foreign === true || item.repository.owner === item.organisation) &&
      (standing === "any" || standingOf(item, now) === standing) &&
      words.every(({ text, ids }) => item.text.includes(text) || ids?.has(item.id) === true);
    const among = before !== undefined && narrows(words, before.words) ? before.items : this.#byTime;
    const items = among.filter(matches);
    const ordered = order === "name" ? this.#inOrderOfNames(items) : items.toReversed();
    this.#found = { key, typed, order, words, items, ordered };
    return ordered;
  }

  #repository(id: number): Repository {
    let found = this.#repositories.get(id);
    if (found === undefined) {
      found = { owner: undefined };
      this.#repositories.set(id, found);
    }
    return found;
  }

  #inOrderOfNames(found: readonly Item[]): readonly Item[] {
    if (found.length < sortedAtOnce) return found.toSorted(byName);
    const isFound = new Uint8Array(this.#bySlot.length);
    for (const { slot } of found) isFound[slot] = 1;
    const ordered: Item[] = [];
    for (const slot of this.#slotsByName) {
      const item = isFound[slot] === 1 ? this.#bySlot[slot] : undefined;
      if (item !== undefined) ordered.push(item);
    }
    return ordered;
  }
}

/** What was found last: whoever types, or leafs through it, goes on from there. */
interface Found {
  /** all of the question but the text and the order */
  readonly key: string;
  readonly typed: string;
  readonly order: "newest" | "name";
  readonly words: readonly Word[];
  /** oldest first */
  readonly items: readonly Item[];
  readonly ordered: readonly Item[];
}

/** Whether what some words mean is among what others meant, since each only became longer. */
function narrows(words: readonly Word[], before: readonly Word[]): boolean {
  return before.every(({ text, digits }, at) => {
    const word = words[at];
    return word?.text.startsWith(text) === true && (word.digits === undefined || digits !== undefined);
  });
}

/** Claims that name a digest, or have an id, that begins so. */
function findByHash(database: Database, digits: string): Set<number> {
  const range = [prefixOf(digits.padEnd(12, "0")), prefixOf(digits.padEnd(12, "f"))];
  const rows = database.all(
    `SELECT c.id, c.hash, c.subjects FROM subjects s JOIN claims c ON c.id = s.claim WHERE s.prefix BETWEEN ? AND ?
      UNION ALL SELECT id, hash, subjects FROM claims WHERE prefix BETWEEN ? AND ? LIMIT ${maxByHash}`,
    ...range,
    ...range,
  );
  const beginsSo = ({ hash, subjects }: Row): boolean =>
    Buffer.from(hash as Uint8Array)
      .toString("hex")
      .startsWith(digits) ||
    unpackSubjects(subjects as Uint8Array).some(({ digest }) => digest.startsWith(digits, "sha256:".length));
  return new Set(rows.filter(beginsSo).map(({ id }) => Number(id)));
}

function toItem(row: Row, slot: number, repository: Repository): Item {
  const tag = toText(row["tag"]);
  const threshold = Number(row["threshold"]);
  const name = `${toText(row["repository_name"])}${tag === "" ? "" : `:${tag}`}`;
  return {
    id: Number(row["id"]),
    slot,
    text: flat(`${name} ${row["organisation_name"]}`.toLowerCase()),
    organisation: Number(row["organisation"]),
    repository,
    issuedAt: Number(row["issued_at"]),
    expiresAt: Number(row["expires_at"]),
    revoked: row["revoked"] === 1,
    approvals: row["stale"] === 1 ? 0 : Number(row["approvals"]),
    threshold,
    superseded: threshold !== 0 && row["has_tag"] === 1 && row["head"] === 0,
  };
}

/** The same text in one piece: one that was put together is flattened at its first search, with the piece it was made of kept beside it. */
function flat(text: string): string {
  return Buffer.from(text).toString();
}

function lastOf(rows: readonly Row[]): [change: number, id: number] {
  const last = rows.at(-1);
  return [Number(last?.["changed"]), Number(last?.["id"])];
}

function oldestFirst(a: Item, b: Item): number {
  return a.issuedAt - b.issuedAt || a.id - b.id;
}

function byName(a: Item, b: Item): number {
  return a.text < b.text ? -1 : a.text > b.text ? 1 : oldestFirst(b, a);
}
