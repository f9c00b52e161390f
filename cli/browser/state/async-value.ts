import { type Failure, toFailure } from "../failure.ts";

/** Something that is asked for when it is looked at, and given up when nobody looks any more. */
export class AsyncValue<T> {
  readonly #controller = new AbortController();
  value: T | undefined;
  failure: Failure | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<T>, onChange: () => void) {
    const { signal } = this.#controller;
    ask(signal).then(
      (value) => {
        this.value = value;
        if (!signal.aborted) onChange();
      },
      (error: unknown) => {
        this.failure = toFailure(error);
        if (!signal.aborted) onChange();
      },
    );
  }

  close(): void {
    this.#controller.abort();
  }
}
