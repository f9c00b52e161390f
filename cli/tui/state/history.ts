import type { CatalogueEntry, HistoryEntry } from "../../../src/index.ts";
import type { MarketView } from "../browser.ts";
import { type Problem, problemOf } from "./problem.ts";

/** What was recorded of one claim's tag: asked for when it is looked at, given up when nobody looks any more. */
export class History {
  readonly #controller = new AbortController();
  entries: readonly HistoryEntry[] | undefined;
  problem: Problem | undefined;

  constructor(market: MarketView, entry: CatalogueEntry, onChange: () => void) {
    const { signal } = this.#controller;
    market.history(entry, signal).then(
      (entries) => {
        this.entries = entries;
        if (!signal.aborted) onChange();
      },
      (error: unknown) => {
        this.problem = problemOf(error);
        if (!signal.aborted) onChange();
      },
    );
  }

  close(): void {
    this.#controller.abort();
  }
}
