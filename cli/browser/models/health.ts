import type { Health } from "../browser.ts";
import { type Failure, isCancelled, toFailure } from "../failure.ts";

/** How long a question may be open before what it was put to is slow, in milliseconds. */
const patience = 2000;

/** Keeps whether something outside answers, from what becomes of the questions that are put to it. */
export class HealthWatch {
  readonly #onChange: () => void;
  #health: Health = { state: "starting", since: Date.now(), failure: undefined };

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  get current(): Health {
    return this.#health;
  }

  /** Puts a question. @throws its error */
  async ask<T>(question: () => Promise<T>): Promise<T> {
    const began = Date.now();
    const timer = setTimeout(() => this.#late(began), patience).unref();
    try {
      const answer = await question();
      this.#set("up", Date.now(), undefined);
      return answer;
    } catch (error) {
      if (!isCancelled(error)) this.fail(error, began);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** @param since when the question was put, in milliseconds since 1970 */
  fail(error: unknown, since = Date.now()): void {
    const isLate = this.#health.state === "slow";
    this.#set("down", isLate ? this.#health.since : since, toFailure(error));
  }

  /** What is down stays so: that it does not even refuse is no better. */
  #late(since: number): void {
    if (this.#health.state === "down") return;
    this.#set("slow", since, undefined);
  }

  #set(state: Health["state"], since: number, failure: Failure | undefined): void {
    const before = this.#health;
    const isSame = before.state === state;
    const said = before.failure;
    if (isSame && said?.message === failure?.message && said?.hint === failure?.hint) return;
    this.#health = { state, since: isSame ? before.since : since, failure };
    this.#onChange();
  }
}
