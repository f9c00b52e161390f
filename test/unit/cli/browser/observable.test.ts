import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Observed } from "../../../../cli/browser/models/observable.ts";

class Counter extends Observed {
  #count = 0;
  shown: readonly number[] = [0];

  add(): void {
    this.#count++;
    this.changed();
  }

  close(): void {
    this.silence();
  }

  protected override take(): void {
    this.shown = [this.#count];
  }
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("Observed", () => {
  it("tells of a single change at once, and of thousands a few times", () => {
    const counter = new Counter();
    let told = 0;
    counter.subscribe(() => told++);
    counter.add();
    vi.advanceTimersByTime(1);
    expect([told, counter.version, counter.shown]).toEqual([1, 1, [1]]);
    for (let i = 0; i < 2000; i++) {
      counter.add();
      if (i % 100 === 0) vi.advanceTimersByTime(3);
    }
    vi.advanceTimersByTime(100);
    expect(counter.shown).toEqual([2001]);
    expect(told).toBeLessThan(5);
    expect(counter.version).toBe(told);
  });

  it("shows the same object between two times that it tells", () => {
    const counter = new Counter();
    const before = counter.shown;
    counter.add();
    expect(counter.shown).toBe(before);
    expect(counter.version).toBe(0);
    vi.advanceTimersByTime(100);
    const after = counter.shown;
    expect(after).toEqual([1]);
    vi.advanceTimersByTime(1000);
    expect(counter.shown).toBe(after);
  });

  it("has everything in place before anybody is told", () => {
    const counter = new Counter();
    const seen: unknown[] = [];
    counter.subscribe(() => seen.push([counter.version, ...counter.shown]));
    counter.add();
    counter.add();
    vi.advanceTimersByTime(100);
    expect(seen).toEqual([[1, 2]]);
  });

  it("tells each subscription until it ends, even where one ends while they are told", () => {
    const counter = new Counter();
    const told: string[] = [];
    const same = (): number => told.push("same");
    const end = counter.subscribe(() => {
      told.push("first");
      end();
    });
    counter.subscribe(same);
    const endSecond = counter.subscribe(same);
    counter.add();
    vi.advanceTimersByTime(100);
    expect(told).toEqual(["first", "same", "same"]);
    endSecond();
    counter.add();
    vi.advanceTimersByTime(100);
    expect(told).toEqual(["first", "same", "same", "same"]);
  });

  it("tells nobody once it is silent", () => {
    const counter = new Counter();
    const listener = vi.fn();
    counter.subscribe(listener);
    counter.add();
    counter.close();
    counter.add();
    vi.advanceTimersByTime(1000);
    expect(listener).not.toHaveBeenCalled();
    expect([counter.version, counter.shown]).toEqual([0, [0]]);
  });
});
