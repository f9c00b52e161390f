import { failure } from "../../errors.ts";

/** Questions at a time that are for one registry: a slow one must not hold up the others. */
const maxOfOne = 16;
/** Questions that are asked or wait for their turn, of all registries together. */
const maxOfAll = 2000;
/** Milliseconds for one question: no API server waits longer than this for a webhook. */
const questionTime = 30_000;

/** Questions for one registry. */
interface Lane {
  running: number;
  readonly waiting: (() => void)[];
}

/**
 * Questions that are asked once however many want the answer, a bounded number at a time. A question goes on when nobody waits for it any
 * more: whoever asks again finds the answer.
 */
export class SingleFlight {
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #lanes = new Map<string, Lane>();
  readonly #closing = new AbortController();

  /** Gives up what is being asked. */
  close(): void {
    this.#closing.abort();
    for (const { waiting } of this.#lanes.values()) for (const start of waiting.splice(0)) start();
  }

  /**
   * @param registry whose turn it takes
   * @param signals for whoever waits; the question itself is not given up
   * @throws what `ask` throws; a signal's reason; GATE_BUSY where too much is asked at once
   */
  async share<T>(
    key: string,
    registry: string,
    signals: readonly AbortSignal[],
    ask: (stop: AbortSignal) => Promise<T>,
  ): Promise<T> {
    let flight = this.#underWay.get(key) as Promise<T> | undefined;
    if (flight === undefined) {
      if (this.#underWay.size >= maxOfAll) {
        throw failure("GATE_BUSY");
      }
      flight = this.#ask(registry, ask).finally(() => this.#underWay.delete(key));
      this.#underWay.set(key, flight);
      // Nobody may be waiting any more.
      flight.catch(() => {});
    }
    return untilAborted(flight, AbortSignal.any([...signals]));
  }

  async #ask<T>(registry: string, ask: (stop: AbortSignal) => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(registry) ?? { running: 0, waiting: [] };
    this.#lanes.set(registry, lane);
    if (lane.running < maxOfOne) lane.running++;
    else await new Promise<void>((start) => lane.waiting.push(start));
    try {
      const closing = this.#closing.signal;
      closing.throwIfAborted();
      return await ask(AbortSignal.any([closing, AbortSignal.timeout(questionTime)]));
    } finally {
      // Its place goes to the next one that waits.
      const next = lane.waiting.shift();
      if (next !== undefined) next();
      else if (--lane.running === 0) this.#lanes.delete(registry);
    }
  }
}

async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let stop = (): void => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}
