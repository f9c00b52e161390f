import type { ImagesView, LocalImage } from "../browser.ts";
import { needsAttention, signs } from "../text/status.ts";
import { ArrayRows, List } from "./list.ts";
import { PageSearch } from "./search.ts";

export const localFilters = ["all", "attention", "unsigned", "verified", "toCome"] as const;
export const localOrders = ["newest", "name", "status", "size"] as const;
export type LocalFilter = (typeof localFilters)[number];
export type LocalOrder = (typeof localOrders)[number];

const keyOf = ({ key }: LocalImage): string => key;

/** The local images as a person wants to see them. What takes longer the more there are is done when something changes, not when it is drawn. */
export class LocalPage {
  readonly list = new List<LocalImage>(new ArrayRows<LocalImage>([], keyOf));
  readonly search = new PageSearch();
  filter: LocalFilter = "all";
  order: LocalOrder = "newest";
  /** images that a person has to look at, and those whose verdict turned */
  attention = 0;
  #byKey: ReadonlyMap<string, LocalImage> = new Map();
  #made = "";
  /** of the last change that moved no row */
  #source: readonly LocalImage[] | undefined;

  update(view: ImagesView): void {
    const made = `${view.version} ${this.filter} ${this.order} ${this.search.text}`;
    if (made === this.#made && view.rows === this.#source) return;
    this.#made = made;
    this.#source = view.rows;
    this.#byKey = new Map(view.rows.map((row) => [row.key, row]));
    this.attention = 0;
    for (const row of view.rows) if (isConspicuous(row)) this.attention++;
    const words = this.search.words;
    const isPlain = this.filter === "all" && words.length === 0;
    const chosen = isPlain
      ? view.rows
      : view.rows.filter((row) => fitsFilter(row, this.filter) && fitsWords(row, words));
    const compare = orders[this.order];
    this.list.rows = new ArrayRows(compare === undefined ? chosen : chosen.toSorted(compare), keyOf);
    this.list.settle();
  }

  image(key: string): LocalImage | undefined {
    return this.#byKey.get(key);
  }

  /** The first row, in the order of the screen, that turned while nobody looked. */
  firstTurned(): string | undefined {
    for (let index = 0; index < this.list.rows.count; index++) {
      const row = this.list.rows.at(index);
      if (row?.turned !== undefined) return row.key;
    }
    return undefined;
  }
}

function isConspicuous({ verdict, turned }: LocalImage): boolean {
  return turned !== undefined || (verdict !== undefined && needsAttention(verdict.status));
}

function fitsFilter({ verdict }: LocalImage, filter: LocalFilter): boolean {
  if (filter === "all") return true;
  if (filter === "toCome") return verdict === undefined;
  if (filter === "attention") return verdict !== undefined && verdict.status !== "verified";
  return verdict?.status === filter;
}

function fitsWords({ reference, id, verdict }: LocalImage, words: readonly string[]): boolean {
  if (words.length === 0) return true;
  const text = `${reference} ${id} ${verdict?.status ?? ""} ${verdict?.organisation ?? ""}`.toLowerCase();
  return words.every((word) => text.includes(word));
}

const byName = (a: LocalImage, b: LocalImage): number =>
  a.reference < b.reference ? -1 : a.reference > b.reference ? 1 : 0;

const ranks = Object.keys(signs);

/** What is bad comes first, what is good last. */
function rank({ verdict }: LocalImage): number {
  if (verdict === undefined) return 50;
  return (
    (needsAttention(verdict.status) ? 0 : verdict.status === "verified" ? 100 : 25) +
    ranks.indexOf(verdict.status)
  );
}

const orders: Readonly<Record<LocalOrder, ((a: LocalImage, b: LocalImage) => number) | undefined>> = {
  newest: undefined,
  name: byName,
  status: (a, b) => rank(a) - rank(b) || byName(a, b),
  size: (a, b) => b.size - a.size,
};
