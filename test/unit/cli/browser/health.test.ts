import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HealthWatch } from "../../../../cli/browser/models/health.ts";
import { cancelled, failure } from "../../../../src/errors.ts";

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const gone = failure("CHAIN_UNREACHABLE", { endpoint: "here", reason: "it is gone" });

function watch(): { watch: HealthWatch; changes: string[] } {
  const changes: string[] = [];
  const made: HealthWatch = new HealthWatch(() => {
    const { state, since } = made.current;
    changes.push(`${state} since ${since - 1_000_000}`);
  });
  return { watch: made, changes };
}

/** A question that is answered when the test says so. */
function question(): { ask: () => Promise<string>; answer: () => void; fail: (error: unknown) => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  return { ask: () => promise, answer: () => resolve("answer"), fail: reject };
}

describe("HealthWatch", () => {
  it("is up after an answer, and stays so since then", async () => {
    const { watch: chain, changes } = watch();
    expect(chain.current.state).toBe("starting");
    await vi.advanceTimersByTimeAsync(500);
    expect(await chain.ask(async () => 7)).toBe(7);
    await vi.advanceTimersByTimeAsync(500);
    await chain.ask(async () => 8);
    expect(changes).toEqual(["up since 500"]);
  });

  it("is slow while a question has been open for two seconds, since it was put", async () => {
    const { watch: chain, changes } = watch();
    const { ask, answer } = question();
    const asked = chain.ask(ask);
    await vi.advanceTimersByTimeAsync(1999);
    expect(changes).toEqual([]);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(changes).toEqual(["slow since 0"]);
    expect(chain.current.failure).toBeUndefined();
    answer();
    await asked;
    expect(chain.current).toMatchObject({ state: "up", since: 1_011_999, failure: undefined });
  });

  it("is down since the question that failed was put, and says why and what to do", async () => {
    const { watch: chain, changes } = watch();
    await expect(chain.ask(() => Promise.reject(gone))).rejects.toBe(gone);
    await vi.advanceTimersByTimeAsync(5000);
    await expect(chain.ask(() => Promise.reject(gone))).rejects.toBe(gone);
    expect(changes).toEqual(["down since 0"]);
    expect(chain.current).toMatchObject({ failure: { message: gone.message, hint: gone.hint } });
    const other = failure("CONTRACT_NOT_PINNED", { registry: "0x", endpoint: "here" });
    await expect(chain.ask(() => Promise.reject(other))).rejects.toBe(other);
    expect(chain.current).toMatchObject({ state: "down", since: 1_000_000 });
    expect(chain.current.failure).toBe(other);
  });

  it("is down since it was slow, and no better for not even refusing", async () => {
    const { watch: chain, changes } = watch();
    const first = question();
    const asked = chain.ask(first.ask);
    await vi.advanceTimersByTimeAsync(15_000);
    first.fail(gone);
    await expect(asked).rejects.toBe(gone);
    const second = question();
    const again = chain.ask(second.ask);
    await vi.advanceTimersByTimeAsync(15_000);
    expect(changes).toEqual(["slow since 0", "down since 0"]);
    second.answer();
    await again;
    expect(chain.current.state).toBe("up");
  });

  it("takes nothing from a question that was given up", async () => {
    const { watch: chain, changes } = watch();
    await expect(chain.ask(() => Promise.reject(cancelled()))).rejects.toThrow();
    expect(changes).toEqual([]);
  });
});
