import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Meter } from "../../../../cli/output/meter.ts";

describe("the rate of a count", () => {
  test("a steady count has its rate, and no more than the last seconds count", () => {
    const meter = new Meter(0);
    for (let at = 0; at <= 10_000; at += 50) meter.add(at * 2, at);
    expect(meter.rate(10_000)).toBeCloseTo(2000, -1);
    for (let at = 10_050; at <= 20_000; at += 50) meter.add(20_000, at);
    expect(meter.rate(20_000)).toBe(0);
  });

  test("a stall shows without another count", () => {
    const meter = new Meter(0);
    for (let at = 0; at <= 1000; at += 100) meter.add(at, at);
    expect(meter.rate(1000)).toBeCloseTo(1000, -2);
    expect(meter.rate(60_000)).toBeLessThan(20);
  });

  test("it is never negative and never without end", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1e6), fc.nat(1e4)), { maxLength: 50 }),
        fc.nat(1e4),
        (steps, later) => {
          const meter = new Meter(0);
          let now = 0;
          for (const [count, time] of steps) {
            now += time;
            meter.add(count, now);
          }
          const rate = meter.rate(now + later);
          return Number.isFinite(rate) && rate >= 0;
        },
      ),
    );
  });
});
