import { describe, expect, it } from "vitest";
import { fuzz } from "../../support/fuzz/target.ts";
import { fuzzTargets } from "../../support/fuzz/targets.ts";

// bench/fuzz.ts feeds them with a million each. Another run each day finds what this one does not: DAOCHAIN_TEST_SEED=... tries it.
const seed = Number(process.env["DAOCHAIN_TEST_SEED"] ?? 1);
const inputs = 1000;

describe("a thousand inputs that were valid once", () => {
  it.each(fuzzTargets)("neither break nor deceive the parser of $name", async (target) => {
    const { accepted, refused } = await fuzz(target, { inputs, seed });
    expect(accepted + refused).toBe(inputs);
    // A parser that took nothing, or all, would not have been tried.
    expect(Math.min(accepted, refused)).toBeGreaterThan(inputs / 50);
  });
});
