import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises";
import { cancelled } from "./errors.ts";

/** How long work may hold the thread, in milliseconds: whoever follows a chain may have a screen to draw. */
const sliceTime = 5;

/** Work in slices, between which the thread is free. */
export class TimeSlices {
  readonly #signal: AbortSignal | undefined;
  #began = performance.now();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
  }

  get isOver(): boolean {
    return performance.now() - this.#began > sliceTime;
  }

  /** Leaves the thread to others for a moment. @param time how long at least, in milliseconds @throws CANCELLED */
  async rest(time = 0): Promise<void> {
    await (time === 0 ? nextTurn() : sleep(time));
    if (this.#signal?.aborted === true) throw cancelled();
    this.#began = performance.now();
  }
}
