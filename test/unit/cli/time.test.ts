import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { timeThatIsOver, untilEnded } from "../../../cli/signals.ts";
import { limitTime, toTold } from "../../../cli/time.ts";
import { type DaoChainError, failure } from "../../../src/errors.ts";
import { codeOf } from "../../support/errors.ts";

const hash = `0x${"ab".repeat(32)}`;
const cancelled = failure("CANCELLED");

/** A signal as it is after something has ended the command. */
async function ended(how: "time" | "person" | "nothing"): Promise<AbortSignal> {
  let signal = new AbortController().signal;
  await untilEnded(
    async (ending) => {
      signal = ending.signal;
      if (how === "time") {
        limitTime(ending, "30s");
        await vi.advanceTimersByTimeAsync(30_000);
      }
      if (how === "person") ending.interrupt();
    },
    async () => 1,
  );
  return signal;
}

describe("the time that a command is given", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("aborts its signal when it is over, not before, and not once it is taken away", async () => {
    await untilEnded(
      async (ending) => {
        limitTime(ending, "2m");
        await vi.advanceTimersByTimeAsync(119_000);
        expect(ending.signal.aborted).toBe(false);
        await vi.advanceTimersByTimeAsync(1_000);
        expect(ending.signal.aborted).toBe(true);
        expect(timeThatIsOver(ending.signal)).toBe("2m");
      },
      async () => expect.unreachable(),
    );
    await untilEnded(
      async (ending) => {
        limitTime(ending, "1s")();
        limitTime(ending, "999999y");
        await vi.advanceTimersByTimeAsync(100_000);
        expect(ending.signal.aborted).toBe(false);
      },
      async () => expect.unreachable(),
    );
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each(["", "0s", "soon", "-5s", "1.5h", "30"])("%j is no time", async (text) => {
    expect(await codeOf(async () => limitTime({ endAfter: () => () => {} }, text))).toBe("TIMEOUT_INVALID");
  });

  test("says why something was broken off, and what was on its way by then", async () => {
    const [time, person, nothing] = [await ended("time"), await ended("person"), await ended("nothing")];
    const none = new Set<string>();
    const one = new Set([hash]);
    expect(toTold(cancelled, nothing, one)).toBe(cancelled);
    expect(toTold(cancelled, person, none)).toBe(cancelled);
    expect(toTold(cancelled, person, one)).toMatchObject({
      code: "CANCELLED_AFTER_SENDING",
      cause: cancelled,
    });
    expect(toTold(cancelled, time, none)).toMatchObject({ code: "TIMED_OUT", outcome: "inconclusive" });
    const told = toTold(new Error("aborted"), time, one);
    expect(told).toMatchObject({ code: "TIMED_OUT_AFTER_SENDING", outcome: "inconclusive" });
    expect(String(told)).toContain(
      `--timeout 30s allows. 1 transaction was sent and may still be recorded: ${hash}.`,
    );
    // What is told already, and what the command was not broken off for, stays as it is.
    expect(toTold(told, time, one)).toBe(told);
    const wrong = failure("NO_IMAGE_NAMED");
    expect(toTold(wrong, time, one)).toBe(wrong);
  });

  test("names a few of many transactions", async () => {
    const many = new Set(Array.from({ length: 40 }, (_, at) => `${hash}${at}`));
    const { message } = toTold(cancelled, await ended("time"), many) as DaoChainError;
    expect(message).toContain("40 transactions were sent");
    expect(message.match(/0x/g)).toHaveLength(5);
    expect(message).toContain(", ….");
  });
});
