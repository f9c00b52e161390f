import type {
  CatalogueEntry,
  CatalogueOrganisation,
  CatalogueQuery,
  HistoryEntry,
} from "../../../src/internal.ts";
import type { MarketView } from "../browser.ts";
import type { ChainModel } from "./chain.ts";
import { Observed } from "./observable.ts";
import type { Session } from "./session.ts";

/** Events of a history that are shown. */
const maxEvents = 200;
/** How often what has expired meanwhile is looked for, in milliseconds. */
const interval = 60_000;

/** What the catalogue has of everybody. Questions are answered where they are put: they take a few milliseconds. */
export class MarketModel extends Observed implements MarketView {
  readonly #session: Session;
  readonly #chain: ChainModel;
  #timer: NodeJS.Timeout | undefined;

  constructor(session: Session, chain: ChainModel) {
    super();
    this.#session = session;
    this.#chain = chain;
    chain.onIndex(() => this.changed());
  }

  start(): void {
    this.#timer = setInterval(() => this.changed(), interval).unref();
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.silence();
  }

  count(query: CatalogueQuery): number {
    return this.#chain.look((catalogue) => catalogue.count(query), 0);
  }

  page(query: CatalogueQuery, offset: number, limit: number): readonly CatalogueEntry[] {
    return this.#chain.look((catalogue) => catalogue.find(query, { offset, limit }), []);
  }

  organisations(): readonly CatalogueOrganisation[] {
    return this.#chain.look((catalogue) => catalogue.organisations(), []);
  }

  async history(
    { organisation, repository, tag }: CatalogueEntry,
    signal: AbortSignal,
  ): Promise<readonly HistoryEntry[]> {
    const until = AbortSignal.any([signal, this.#session.signal]);
    return this.#session.withConnection(until, async (connection, { readHistory, requireOrganisation }) => {
      const about = tag === "" ? { repository } : { repository, tag };
      return readHistory(connection, await requireOrganisation(connection, organisation), about, maxEvents);
    });
  }

  protected override take(): void {
    // What it shows is asked of the catalogue.
  }
}
