/** The stretch over which a rate is taken, in milliseconds, and the least time between two samples in it. */
const stretch = 5000;
const step = 200;

/** Takes the rate of a count that grows: that of the last few seconds, so that a stall shows. */
export class Meter {
  /** the moment it began, in milliseconds */
  readonly since: number;
  #samples: { at: number; count: number }[];
  #count = 0;

  /** @param now in milliseconds, as everywhere here */
  constructor(now: number) {
    this.since = now;
    this.#samples = [{ at: now, count: 0 }];
  }

  add(count: number, now: number): void {
    this.#count = count;
    const last = this.#samples.at(-1);
    if (last !== undefined && now - last.at < step) return;
    this.#samples.push({ at: now, count });
    this.#drop(now);
  }

  /** Per second; 0 as long as there is nothing to tell. */
  rate(now: number): number {
    this.#drop(now);
    const first = this.#samples[0];
    const time = first === undefined ? 0 : now - first.at;
    return first === undefined || time <= 0 ? 0 : Math.max(0, ((this.#count - first.count) / time) * 1000);
  }

  /** One sample from before the stretch stays: the rate is taken from there. */
  #drop(now: number): void {
    while (this.#samples.length > 1 && now - (this.#samples[1]?.at ?? now) >= stretch) this.#samples.shift();
  }
}
