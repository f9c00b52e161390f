import { setTimeout as sleep } from "node:timers/promises";
import type { Catalogue, CatalogueEntry, CatalogueHistoryEntry, Connection } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { followWithProgress, withCatalogue } from "../catalogue.ts";
import { openConnection } from "../connection.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { isReaderGone } from "../lost-output.ts";
import { sanitizeLine, toJsonLine } from "../output/sanitize.ts";
import { WatchedContainers } from "../watch/containers.ts";
import { entriesOf, formatEvent, toEventJson, type WatchedEvent } from "../watch/events.ts";
import { type HookOptions, Hooks } from "../watch/hooks.ts";

export interface WatchOptions extends HookOptions {
  readonly org?: string;
  /** the first block whose acts are shown */
  readonly since?: number;
  /** whether running containers are looked for */
  readonly containers: boolean;
  readonly hookOn: "hits" | "all";
}

/** How often the chain is asked, in milliseconds. */
const interval = 1000;
/** Acts that wait at most until it is known which containers they hit. */
const maxWaiting = 10_000;

/** What is watched; undefined for everything. */
interface Target {
  readonly repository: string;
  /** undefined for the whole repository */
  readonly tag: string | undefined;
}

/** @param isPast whether it was before watching began: what still runs of it is told by itself */
type Show = (seen: WatchedEvent, isPast?: boolean) => void;

/**
 * Shows each act as the chain records it, and the running containers that it hits, until it is stopped. Without hooks it also ends when its lines
 * are lost, since nobody is told anything any more.
 * @returns 0; where lines were lost though their reader was there, 20
 */
export async function watch(
  context: Context,
  target: string | undefined,
  options: WatchOptions,
): Promise<number> {
  const about = target === undefined ? undefined : toTarget(target);
  const hooks = new Hooks(context, options);
  const lost = new AbortController();
  let code: number = exitCodes.success;
  if (hooks.isEmpty) {
    process.stdout.once("error", (error) => {
      if (!isReaderGone(error)) code = exitCodes.inconclusive;
      lost.abort();
    });
  }
  const signal = AbortSignal.any([context.signal, lost.signal]);
  const show: Show = (seen, isPast = false) => {
    if (options.org !== undefined && seen.act.organisation !== options.org) return;
    if (about !== undefined && !isAbout(seen, about)) return;
    const line = toJsonLine(toEventJson(seen));
    context.result(context.json ? line : formatEvent(context, seen));
    if (options.hookOn === "all" || (!isPast && concerns(seen))) hooks.tell(line);
  };
  try {
    return await withCatalogue(context, async (catalogue) => {
      const watching = new Watching({ ...context, signal }, catalogue, options, show);
      try {
        await watching.run();
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        watching.flush();
      }
      return code;
    });
  } finally {
    await hooks.close();
  }
}

/** Whether an act hits a running container, or may, since nobody could look. */
function concerns({ act, containers }: WatchedEvent): boolean {
  if (containers !== null) return containers.length > 0;
  return act.act !== "still running" && library.canHit(act as CatalogueHistoryEntry);
}

/** Follows the chain, through outages too: what happened meanwhile is shown afterwards. */
class Watching {
  readonly #context: Context;
  readonly #catalogue: Catalogue;
  readonly #show: Show;
  readonly #isLooking: boolean;
  #containers: WatchedContainers | undefined;
  #connection: Connection | undefined;
  /** the next block whose acts are news */
  #next: number | undefined;
  /** acts of which it is still to be found out what they hit */
  #waiting: CatalogueHistoryEntry[] = [];
  /** whether what happened before watching began has been shown */
  #isLive = false;

  constructor(context: Context, catalogue: Catalogue, { since, containers }: WatchOptions, show: Show) {
    this.#context = context;
    this.#catalogue = catalogue;
    this.#next = since;
    this.#isLooking = containers;
    this.#show = show;
  }

  async run(): Promise<never> {
    const { signal, note, translator } = this.#context;
    const { chainAway, chainBack } = this.#context.words.catalogue.watch;
    let isOut = false;
    try {
      for (;;) {
        try {
          await this.#follow();
          if (isOut) note(chainBack);
          isOut = false;
        } catch (error) {
          if (!library.isDaoChainError(error) || error.outcome !== "inconclusive") throw error;
          if (!isOut) note(sanitizeLine(chainAway(translator.say(error))));
          isOut = true;
          this.#connection?.rpc.close();
          this.#connection = undefined;
        }
        await sleep(interval, undefined, { signal });
      }
    } finally {
      this.#connection?.rpc.close();
    }
  }

  /** Shows what is left, without having looked at what it hits. */
  flush(): void {
    for (const act of this.#waiting.splice(0)) this.#tell(act, null);
  }

  async #follow(): Promise<void> {
    const { signal } = this.#context;
    this.#connection ??= await openConnection(this.#context);
    const connection = this.#connection;
    if (this.#next === undefined) {
      this.#next = (await library.readBlock(connection.rpc)).number + 1;
      await followWithProgress(this.#context, this.#catalogue, connection);
    }
    const { to } = await this.#catalogue.follow(connection, {
      signal,
      since: this.#next,
      onActs: (acts) => {
        for (const act of acts) this.#take(act);
        // Acts come by whole blocks: after an outage the next one goes on from here.
        this.#next = (acts.at(-1)?.block ?? 0) + 1;
      },
    });
    this.#next = Math.max(this.#next, to + 1);
    this.#isLive = true;
    if (this.#isLooking)
      this.#containers ??= new WatchedContainers(this.#context, this.#catalogue, connection.profile);
    await this.#look();
  }

  /** What voids left of claims is known only after following, and so is what they hit. */
  #take(act: CatalogueHistoryEntry): void {
    if (!this.#isLooking) this.#tell(act, null);
    else if (!this.#isLive) this.#tell(act, null, true);
    else this.#waiting.push(act);
    if (this.#waiting.length <= maxWaiting) return;
    this.flush();
    this.#containers?.lookAgain();
  }

  async #look(): Promise<void> {
    if (this.#containers === undefined) return;
    for (const found of await this.#containers.firstLook()) this.#show(found);
    if (this.#waiting.length === 0) return;
    const hits = await this.#containers.hitsOf(this.#waiting);
    for (const [at, act] of this.#waiting.splice(0).entries()) this.#tell(act, hits[at] ?? null);
  }

  #tell(act: CatalogueHistoryEntry, containers: WatchedEvent["containers"], isPast = false): void {
    this.#show({ act, entries: entriesOf(this.#catalogue, act), containers }, isPast);
  }
}

function isAbout({ entries, running }: WatchedEvent, target: Target): boolean {
  const name = running?.evidence.facts.name;
  if (running !== undefined) return name !== undefined && isOf(name, target);
  return entries.some((entry) => isOf(entry, target));
}

function isOf({ repository, tag }: Pick<CatalogueEntry, "repository" | "tag">, target: Target): boolean {
  return repository === target.repository && (target.tag === undefined || target.tag === tag);
}

/** @throws WATCH_TARGET_INVALID, REFERENCE_INVALID */
function toTarget(text: string): Target {
  const reference = library.parseImageReference(text);
  const named = "named" in reference ? reference.named : undefined;
  if (named === undefined || named.digest !== undefined) {
    throw library.failure("WATCH_TARGET_INVALID", { text: JSON.stringify(text.slice(0, 100)) });
  }
  // Without a tag, the whole repository is meant.
  return { repository: named.repository, tag: /:[^/]+$/.test(text) ? named.tag : undefined };
}
