import type { CatalogueEntry, HistoryEntry, Verdict } from "../../../src/internal.ts";
import type { MarketView } from "../browser.ts";
import { AsyncValue } from "./async-value.ts";

/** The claim that an image's verdict rests on, and what was recorded of its tag. */
export class ImageClaim {
  /** as the index has it */
  entry: CatalogueEntry | undefined;
  history: AsyncValue<readonly HistoryEntry[]> | undefined;
  /** of what both were read */
  #read = "";

  /** Looks the claim up and asks for its history, again where it is another than before. */
  update(verdict: Verdict | undefined, market: MarketView, onChange: () => void): void {
    const { claim, repository, tag } = verdict ?? {};
    const name = repository == null ? undefined : `${repository}:${tag ?? ""}`;
    const text = claim?.id ?? name;
    const read = `${text} ${verdict?.status} ${market.version}`;
    if (read === this.#read) return;
    this.#read = read;
    const query = { text, standing: "any", superseded: true, foreign: true } as const;
    const found = text === undefined ? [] : market.page(query, 0, 16);
    const entry = found.find((each) => each.claim === text || `${each.repository}:${each.tag}` === text);
    const before = this.entry;
    this.entry = entry;
    if (entry !== undefined && entry.claim === before?.claim && entry.standing === before.standing) return;
    this.history?.close();
    this.history =
      entry === undefined ? undefined : new AsyncValue((signal) => market.history(entry, signal), onChange);
  }

  close(): void {
    this.history?.close();
  }
}
