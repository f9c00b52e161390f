import type { Observable } from "../browser.ts";

/** Milliseconds between two times that listeners are told: what comes in between is told at once, so that thousands of changes draw a few frames. */
const frame = 30;

/** Something that changes by itself. What it shows is replaced just before its listeners are told, and is the same object in between. */
export abstract class Observed implements Observable {
  readonly #listeners = new Set<() => void>();
  #version = 0;
  #told = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #isSilent = false;

  get version(): number {
    return this.#version;
  }

  subscribe(listener: () => void): () => void {
    // A function that is given twice is told twice, and each end is that of one subscription.
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => {
      this.#listeners.delete(own);
    };
  }

  /** Puts what it has become in the place of what it shows. */
  protected abstract take(): void;

  /** To be called after each change. */
  protected changed(): void {
    if (this.#isSilent) return;
    const wait = Math.max(0, this.#told + frame - performance.now());
    this.#timer ??= setTimeout(() => this.#tell(), wait).unref();
  }

  #tell(): void {
    this.#timer = undefined;
    this.#told = performance.now();
    this.take();
    this.#version++;
    for (const listener of [...this.#listeners]) listener();
  }

  /** It changes no more, and nobody is told of anything. */
  protected silence(): void {
    this.#isSilent = true;
    clearTimeout(this.#timer);
    this.#listeners.clear();
  }
}
