import { seeded } from "../layer-stacks.ts";

/** Choices that a seed decides. */
export class Random {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = seeded(seed);
  }

  /** From 0 up to, not including, the limit; 0 where that is 0. */
  below(limit: number): number {
    return Math.floor(this.#next() * limit);
  }

  chance(of: number): boolean {
    return this.#next() < of;
  }

  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }
}
