/** What waits between two questions, and can be called before its time. */
export class WakeUp {
  #isRung = false;
  #wake: (() => void) | undefined;

  /** Ends the wait, or the next one where nobody waits. */
  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** @param time in milliseconds @param signal ends the wait too */
  async wait(time: number, signal: AbortSignal): Promise<void> {
    if (!this.#isRung && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          this.#wake = undefined;
          resolve();
        };
        const timer = setTimeout(done, time);
        this.#wake = done;
        signal.addEventListener("abort", done, { once: true });
      });
    }
    this.#isRung = false;
  }
}
