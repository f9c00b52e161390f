import type { CatalogueEntry, CatalogueQuery, Standing } from "../../../src/internal.ts";
import type { MarketView } from "../browser.ts";
import { List, type Rows } from "./list.ts";
import { PageSearch } from "./search.ts";

const chunk = 64;
const maxChunks = 16;
/** Rows to each side among which one that moved is looked for. */
const reach = 256;

/** Entries of a query, asked for a piece at a time, as they come into view. */
class MarketRows implements Rows<CatalogueEntry> {
  readonly count: number;
  readonly #view: MarketView;
  readonly #query: CatalogueQuery;
  readonly #chunks = new Map<number, readonly CatalogueEntry[]>();

  constructor(view: MarketView, query: CatalogueQuery) {
    this.#view = view;
    this.#query = query;
    this.count = view.count(query);
  }

  at(index: number): CatalogueEntry | undefined {
    if (index < 0 || index >= this.count) return undefined;
    const number = Math.floor(index / chunk);
    let entries = this.#chunks.get(number);
    if (entries === undefined) {
      entries = this.#view.page(this.#query, number * chunk, chunk);
      if (this.#chunks.size >= maxChunks) this.#chunks.delete(this.#chunks.keys().next().value ?? -1);
      this.#chunks.set(number, entries);
    }
    return entries[index % chunk];
  }

  keyOf(entry: CatalogueEntry): string {
    return entry.claim;
  }

  find(key: string, near: number): number | undefined {
    for (let distance = 0; distance <= reach; distance++) {
      if (this.at(near + distance)?.claim === key) return near + distance;
      if (this.at(near - distance)?.claim === key) return near - distance;
    }
    return undefined;
  }
}

export const marketOrders = ["newest", "name"] as const;

/** Everyone's images on the chain, as a person wants to see them. */
export class MarketPage {
  readonly list = new List<CatalogueEntry>({
    count: 0,
    at: () => undefined,
    keyOf: (entry) => entry.claim,
    find: () => undefined,
  });
  readonly search = new PageSearch();
  standing: Standing | "any" | undefined;
  superseded = false;
  foreign = false;
  organisation: string | undefined;
  order: (typeof marketOrders)[number] = "newest";
  #made = "";
  #view: MarketView | undefined;

  /** What is shown, as the catalogue is asked for it. */
  get query(): CatalogueQuery {
    return {
      text: this.search.text.trim() || undefined,
      organisation: this.organisation,
      standing: this.standing,
      superseded: this.superseded,
      foreign: this.foreign,
      order: this.order,
    };
  }

  get isFiltered(): boolean {
    return this.standing !== undefined || this.superseded || this.foreign || this.organisation !== undefined;
  }

  update(view: MarketView): void {
    const query = JSON.stringify(this.query);
    const made = `${view.version} ${query}`;
    if (made === this.#made && view === this.#view) return;
    const isSame = this.#made.endsWith(` ${query}`);
    this.#made = made;
    this.#view = view;
    this.list.rows = new MarketRows(view, this.query);
    // Other questions have other answers: these are read from their beginning.
    if (isSame) this.list.settle();
    else this.list.top();
  }
}
