import type {
  Catalogue,
  CatalogueHistoryEntry,
  NetworkProfile,
  RunningContainer,
} from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { sanitizeLine } from "../output/sanitize.ts";
import type { FoundRunning, NamedContainer, WatchedEvent } from "./events.ts";

/** Milliseconds between two tries to reach an engine that was away when watching began. */
const patience = 10_000;
/** What was good once, and is not now. */
const fallen: readonly string[] = ["revoked", "expired", "untrusted"];

/** The containers that run here, and what acts do to them. */
export class WatchedContainers {
  readonly #context: Context;
  readonly #catalogue: Catalogue;
  readonly #profile: NetworkProfile;
  readonly #before = new Map<string, string>();
  #isAway = false;
  #hasLooked = false;
  #lastTry = Number.NEGATIVE_INFINITY;

  constructor(context: Context, catalogue: Catalogue, profile: NetworkProfile) {
    this.#context = context;
    this.#catalogue = catalogue;
    this.#profile = profile;
  }

  /** Has the next look tell again what runs and is not good. */
  lookAgain(): void {
    this.#hasLooked = false;
    this.#lastTry = Number.NEGATIVE_INFINITY;
  }

  /** What runs already and is no longer good: told once, when an engine answers for the first time. */
  async firstLook(): Promise<WatchedEvent[]> {
    if (this.#hasLooked || performance.now() - this.#lastTry < patience) return [];
    this.#lastTry = performance.now();
    const all = await this.#look();
    if (all === undefined) return [];
    this.#hasLooked = true;
    return all.flatMap((running) => {
      const { verdict, container, evidence } = running;
      if (!fallen.includes(verdict.status)) return [];
      const act: FoundRunning = {
        time: Math.floor(Date.now() / 1000),
        block: evidence.block.number,
        transaction: null,
        organisation: verdict.organisation,
        act: "still running",
        subject: container.calledImage,
        by: null,
        reason: verdict.reasons.join("; "),
        claim: verdict.claim?.id ?? null,
      };
      return [{ act, entries: [], containers: [toNamed(running)], running }];
    });
  }

  /**
   * Which running containers each of some acts hits.
   * @returns for each act; null where no engine could be asked
   */
  async hitsOf(acts: readonly CatalogueHistoryEntry[]): Promise<(readonly NamedContainer[] | null)[]> {
    if (!acts.some(library.canHit)) return acts.map(() => []);
    const before = new Map(this.#before);
    const all = await this.#look();
    return acts.map((act) => {
      if (!library.canHit(act)) return [];
      if (all === undefined) return null;
      return all
        .filter((running) => library.isHit(act, running, before.get(running.container.id)))
        .map(toNamed);
    });
  }

  /** @returns undefined where no engine answers, which is told once */
  async #look(): Promise<RunningContainer[] | undefined> {
    const { signal, env, note, words, translator } = this.#context;
    try {
      const all = await library.findRunning(this.#catalogue, this.#profile, { signal, environment: env });
      if (this.#isAway) note(words.catalogue.watch.engineBack);
      this.#isAway = false;
      this.#before.clear();
      for (const { container, verdict } of all) this.#before.set(container.id, verdict.status);
      return all;
    } catch (error) {
      if (!library.isDaoChainError(error) || error.outcome === "cancelled") throw error;
      if (!this.#isAway) note(sanitizeLine(words.catalogue.watch.engineAway(translator.say(error))));
      this.#isAway = true;
      return undefined;
    }
  }
}

function toNamed({ container: { id, name, calledImage } }: RunningContainer): NamedContainer {
  return { id, name, image: calledImage };
}
