import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Verifications, type Work } from "../../../../cli/browser/models/verifications.ts";
import type { Depth } from "../../../../src/internal.ts";

/** Looks that end when a test says so. */
class World {
  readonly begun: string[] = [];
  readonly work = new Map<string, Work>();
  readonly closing = new AbortController();
  readonly open = new Map<string, { end: () => void; signal: AbortSignal }>();
  most = 0;
  readonly verifications = new Verifications(
    (key, depth, signal) => this.#look(key, depth, signal),
    (key, work) => this.work.set(key, work),
    this.closing.signal,
  );

  #look(key: string, depth: Depth, signal: AbortSignal): Promise<void> {
    const name = depth === "id" ? key : `${key} ${depth}`;
    this.begun.push(name);
    return new Promise((resolve) => {
      this.open.set(name, { end: resolve, signal });
      this.most = Math.max(this.most, this.open.size);
    });
  }

  async settle(): Promise<void> {
    for (let i = 0; i < 50; i++) await turn();
  }

  async end(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      this.open.get(name)?.end();
      this.open.delete(name);
    }
    await this.settle();
  }

  /** Ends whatever is begun, one after the other, until nothing is. */
  async endAll(): Promise<void> {
    await this.settle();
    for (let [name] = this.open.keys(); name !== undefined; [name] = this.open.keys()) await this.end(name);
  }
}

const keys = (count: number): string[] => Array.from({ length: count }, (_, i) => `k${i}`);

describe("Verifications", () => {
  it("looks at all, in their order, no more than four at a time", async () => {
    const world = new World();
    world.verifications.add(keys(30));
    await world.endAll();
    expect(world.begun).toEqual(keys(30));
    expect(world.most).toBe(4);
    expect(new Set(world.work.values())).toEqual(new Set([undefined]));
  });

  it("looks first at what a person asked for, then at what a person sees", async () => {
    const world = new World();
    world.verifications.add(keys(20));
    await world.settle();
    world.verifications.see(["k17", "k18", "gone"]);
    world.verifications.ask("k9", "id");
    await world.endAll();
    expect(world.begun.slice(0, 8)).toEqual(["k0", "k1", "k2", "k3", "k9", "k17", "k18", "k4"]);
    expect(world.begun.filter((key) => key === "k9")).toHaveLength(1);
  });

  it("reads bytes of one at a time, the one asked for last first, beside the others", async () => {
    const world = new World();
    world.verifications.ask("a", "content");
    world.verifications.ask("b", "runtime");
    world.verifications.ask("c", "runtime");
    world.verifications.add(keys(6));
    await world.settle();
    expect(world.begun.toSorted()).toEqual(["c runtime", "k0", "k1", "k2", "k3"]);
    await world.end("c runtime");
    expect(world.begun).toContain("b runtime");
    expect(world.begun).not.toContain("a content");
    await world.endAll();
    expect(world.begun).toContain("a content");
  });

  it("looks once more where something changed while it looked, but not at the same time", async () => {
    const world = new World();
    world.verifications.add(["a"]);
    await world.settle();
    world.verifications.add(["a"]);
    world.verifications.add(["a"]);
    await world.settle();
    expect(world.begun).toEqual(["a"]);
    expect(world.work.get("a")).toBe("reading");
    await world.end("a");
    expect(world.begun).toEqual(["a", "a"]);
    await world.end("a");
    expect(world.begun).toEqual(["a", "a"]);
    expect(world.work.get("a")).toBeUndefined();
  });

  it("forgets what is dropped, and stops looking at it", async () => {
    const world = new World();
    world.verifications.add(keys(6));
    await world.settle();
    world.verifications.drop("k1");
    world.verifications.drop("k5");
    expect(world.open.get("k1")?.signal.aborted).toBe(true);
    await world.endAll();
    expect(world.begun).toEqual(["k0", "k1", "k2", "k3", "k4"]);
  });

  it("stops when the browser closes, and says when all has come to its end", async () => {
    const world = new World();
    world.verifications.add(keys(6));
    await world.settle();
    world.closing.abort();
    let hasEnded = false;
    const ended = world.verifications.ended().then(() => {
      hasEnded = true;
    });
    expect([...world.open.values()].every(({ signal }) => signal.aborted)).toBe(true);
    await world.end("k0", "k1", "k2");
    expect(hasEnded).toBe(false);
    await world.end("k3");
    await ended;
    expect(world.begun).toEqual(["k0", "k1", "k2", "k3"]);
    await new World().verifications.ended();
  });
});
