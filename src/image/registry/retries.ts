import { setTimeout as sleep } from "node:timers/promises";
import { DaoChainError } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import { Transient } from "./failure.ts";
import type { RegistryTiming } from "./options.ts";

/** Tries again what failed for a reason that may pass: a bounded number of times, with growing pauses that no two clients share. */
export class Retries {
  readonly #timing: RegistryTiming;
  readonly #signal: AbortSignal | undefined;
  #tries = 0;
  #waited = 0;

  constructor(timing: RegistryTiming, signal: AbortSignal | undefined) {
    this.#timing = timing;
    this.#signal = signal;
  }

  /** The work gets on, if not in one go: its tries are counted anew. */
  progressed(): void {
    this.#tries = 0;
    this.#waited = 0;
  }

  /** @throws what the last try failed with */
  async run<T>(attempt: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof Transient)) throw error;
        await this.#pause(error);
      }
    }
  }

  async #pause({ failure, wait: asked = 0 }: Transient): Promise<void> {
    const { tries, firstWait, longestWait, totalWait } = this.#timing;
    this.#tries++;
    // Full jitter above a half: a crowd that was turned away together must not come back together.
    const usual = firstWait * 2 ** (this.#tries - 1) * (0.5 + Math.random() / 2);
    const wait = Math.max(asked, Math.min(usual, longestWait));
    if (this.#tries >= tries || wait > longestWait || this.#waited + wait > totalWait) {
      throw asked > 0 ? withHint(failure, asked) : failure;
    }
    this.#waited += wait;
    await sleep(wait, undefined, this.#signal === undefined ? {} : { signal: this.#signal });
  }
}

function withHint({ code, values, cause }: DaoChainError, wait: number): DaoChainError {
  const advice = say("advice-wait", { seconds: Math.ceil(wait / 1000) });
  return new DaoChainError(code, values, { advice, cause });
}

/**
 * What Retry-After asks for (RFC 9110, section 10.2.3).
 * @returns milliseconds; undefined where it is absent or says nothing
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,10}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
