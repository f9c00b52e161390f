/** What waits between two questions, and can be called before its time. */
export class WakeUp {
  #isCalled = false;
  #end: (() => void) | undefined;

  /** Ends the wait, or the next one where nobody waits. */
  call(): void {
    this.#isCalled = true;
    this.#end?.();
  }

  /** @param time in milliseconds @param signal ends the wait too */
  async wait(time: number, signal: AbortSignal): Promise<void> {
    if (!this.#isCalled && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          signal.removeEventListener("abort", done);
          this.#end = undefined;
          resolve();
        };
        const timer = setTimeout(done, time);
        this.#end = done;
        signal.addEventListener("abort", done, { once: true });
      });
    }
    this.#isCalled = false;
  }
}
