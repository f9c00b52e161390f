import { describe, expect, test } from "vitest";
import { clockSkew, clockTolerance } from "../../../src/contract/clock.ts";

const now = 1_700_000_000;

describe("this machine's clock", () => {
  test("is in order within a minute, either way", () => {
    for (const seconds of [-clockTolerance, -1, 0, 1, clockTolerance])
      expect(clockSkew({ time: now - seconds }, { isNew: true, now })).toBeUndefined();
  });

  test("is off where it is behind any block", () => {
    const off = { seconds: -61, here: now, chain: now + 61 };
    expect(clockSkew({ time: now + 61 }, { now })).toEqual(off);
    expect(clockSkew({ time: now + 61 }, { isNew: true, now })).toEqual(off);
  });

  test("is off where it is ahead of a block that was made just now, while an old one says nothing", () => {
    expect(clockSkew({ time: now - 61 }, { isNew: true, now })).toEqual({
      seconds: 61,
      here: now,
      chain: now - 61,
    });
    expect(clockSkew({ time: now - 86_400 }, { now })).toBeUndefined();
  });

  test("is asked for where none is given", () => {
    expect(clockSkew({ time: Math.floor(Date.now() / 1000) })).toBeUndefined();
    expect(clockSkew({ time: Math.floor(Date.now() / 1000) + 3600 })?.seconds).toBeLessThan(-3590);
  });
});
