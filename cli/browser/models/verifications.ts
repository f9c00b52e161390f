import type { Depth } from "../../../src/internal.ts";

/** Rows that are looked at by the engine's word at a time. Those whose bytes are read go one by one: they keep the engine busy. */
const parallel = 4;

/** What becomes of a row: it waits for its turn, is looked at, or neither. */
export type Work = "waiting" | "reading" | undefined;

/** Looks at one row. It settles its own errors. */
type Look = (key: string, depth: Depth, signal: AbortSignal) => Promise<void>;

/**
 * Whose turn it is to be looked at: what a person asked for, then what a person sees, then the rest in its order. Whatever is asked for while a row
 * is being looked at is done after that, since it may have come too late.
 */
export class Verifications {
  readonly #look: Look;
  readonly #onWork: (key: string, work: Work) => void;
  readonly #signal: AbortSignal;
  /** asked for by a person, the latest last */
  readonly #urgent = new Set<string>();
  readonly #waiting = new Set<string>();
  readonly #deep = new Map<string, Depth>();
  #inView: readonly string[] = [];
  readonly #running = new Map<string, { readonly stop: AbortController; readonly isDeep: boolean }>();
  #isPumping = false;
  #idle: (() => void) | undefined;

  constructor(look: Look, onWork: (key: string, work: Work) => void, signal: AbortSignal) {
    this.#look = look;
    this.#onWork = onWork;
    this.#signal = signal;
    signal.addEventListener(
      "abort",
      () => {
        for (const { stop } of this.#running.values()) stop.abort();
      },
      { once: true },
    );
  }

  /** Has rows looked at by the engine's word, when it is their turn. */
  add(keys: Iterable<string>): void {
    for (const key of keys) {
      this.#waiting.add(key);
      this.#tell(key);
    }
    this.#pump();
  }

  /** Has a row looked at before all others. */
  ask(key: string, depth: Depth): void {
    if (depth === "id") {
      this.#urgent.add(key);
    } else {
      this.#deep.delete(key);
      this.#deep.set(key, depth);
    }
    this.#tell(key);
    this.#pump();
  }

  /** @param keys what a person sees, in its order */
  see(keys: readonly string[]): void {
    this.#inView = [...keys];
  }

  /** A row that is no longer there is not looked at any more. */
  drop(key: string): void {
    this.#urgent.delete(key);
    this.#waiting.delete(key);
    this.#deep.delete(key);
    this.#running.get(key)?.stop.abort();
  }

  /** When nothing is being looked at any more. */
  async ended(): Promise<void> {
    if (this.#running.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Begins what there is room for, each in a turn of its own: what a person types comes in between. */
  #pump(): void {
    if (this.#isPumping) return;
    this.#isPumping = true;
    setImmediate(() => {
      this.#isPumping = false;
      if (this.#signal.aborted) return;
      const next = this.#nextDeep() ?? this.#nextShallow();
      if (next === undefined) return;
      this.#run(...next);
      this.#pump();
    });
  }

  #nextDeep(): [string, Depth] | undefined {
    if ([...this.#running.values()].some(({ isDeep }) => isDeep)) return undefined;
    const key = [...this.#deep.keys()].findLast((one) => !this.#running.has(one));
    const depth = key === undefined ? undefined : this.#deep.get(key);
    if (key === undefined || depth === undefined) return undefined;
    this.#deep.delete(key);
    return [key, depth];
  }

  #nextShallow(): [string, Depth] | undefined {
    const running = [...this.#running.values()].filter(({ isDeep }) => !isDeep);
    if (running.length >= parallel) return undefined;
    const isFree = (key: string): boolean => !this.#running.has(key);
    const key =
      [...this.#urgent].findLast(isFree) ??
      this.#inView.find((one) => this.#waiting.has(one) && isFree(one)) ??
      first(this.#waiting, isFree);
    if (key === undefined) return undefined;
    this.#urgent.delete(key);
    this.#waiting.delete(key);
    return [key, "id"];
  }

  #run(key: string, depth: Depth): void {
    const stop = new AbortController();
    this.#running.set(key, { stop, isDeep: depth !== "id" });
    this.#tell(key);
    void this.#look(key, depth, stop.signal).finally(() => {
      this.#running.delete(key);
      this.#tell(key);
      if (this.#running.size === 0) this.#idle?.();
      this.#pump();
    });
  }

  #tell(key: string): void {
    const isWaiting = this.#urgent.has(key) || this.#waiting.has(key) || this.#deep.has(key);
    this.#onWork(key, this.#running.has(key) ? "reading" : isWaiting ? "waiting" : undefined);
  }
}

function first(keys: Iterable<string>, isWanted: (key: string) => boolean): string | undefined {
  for (const key of keys) if (isWanted(key)) return key;
  return undefined;
}
