/** Tells that something changed, at once where nothing was told lately, and else a little later: not more than so many times a second. */
export class Throttle {
  readonly #tell: () => void;
  readonly #interval: number;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;

  /** @param interval least time between two, in milliseconds */
  constructor(tell: () => void, interval: number) {
    this.#tell = tell;
    this.#interval = interval;
  }

  readonly request = (): void => {
    if (this.#timer !== undefined) return;
    const wait = Math.max(0, this.#last + this.#interval - performance.now());
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#last = performance.now();
      this.#tell();
    }, wait);
  };

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
