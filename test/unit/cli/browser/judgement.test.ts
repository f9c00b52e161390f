import { describe, expect, it } from "vitest";
import { type Judgement, judgeAgain, unjudged } from "../../../../cli/browser/models/judgement.ts";
import { aboutImage, type Depth, type Verdict, type VerdictStatus } from "../../../../src/internal.ts";
import { words } from "../../../support/evidence.ts";

function verdict(status: VerdictStatus, depth: Depth | null = "id", more: Partial<Verdict> = {}): Verdict {
  return { ...aboutImage("acme/api:1", undefined, 0), status, depth, ...more };
}

/** What verdicts come to, one after the other, at 1, 2, 3... */
function through(...verdicts: readonly Verdict[]): Judgement {
  return verdicts.reduce((before, one, at) => judgeAgain(before, one, at + 1), unjudged);
}

describe("a verdict that turned", () => {
  it("is none where there was nothing before, nor where it stays the same", () => {
    expect(through(verdict("verified")).turned).toBeUndefined();
    expect(through(verdict("verified"), verdict("verified")).turned).toBeUndefined();
  });

  it("is told with what it was before, and when", () => {
    expect(through(verdict("verified"), verdict("revoked")).turned).toEqual({ from: "verified", at: 2 });
    expect(through(verdict("unsigned"), verdict("verified"), verdict("verified")).turned).toEqual({
      from: "unsigned",
      at: 2,
    });
  });

  it("does not come of an outage, whatever is shown in it", () => {
    const during = through(verdict("verified"), verdict("inconclusive", null));
    expect(during.shown?.status).toBe("inconclusive");
    expect(during.turned).toBeUndefined();
    expect(judgeAgain(during, verdict("verified"), 3).turned).toBeUndefined();
    expect(judgeAgain(during, verdict("revoked"), 3).turned).toEqual({ from: "verified", at: 3 });
    expect(through(verdict("inconclusive", null), verdict("verified")).turned).toBeUndefined();
  });

  it("stays until it is acknowledged", () => {
    const turned = through(
      verdict("verified"),
      verdict("revoked"),
      verdict("inconclusive"),
      verdict("revoked"),
    );
    expect(turned.turned).toEqual({ from: "verified", at: 2 });
    const seen = judgeAgain({ ...turned, turned: undefined }, verdict("revoked"), 9);
    expect(seen.turned).toBeUndefined();
  });

  it("is told of a name that stands for another image", () => {
    const rebuilt: Judgement = { ...unjudged, settled: "verified" };
    expect(judgeAgain(rebuilt, verdict("mismatch"), 5).turned).toEqual({ from: "verified", at: 5 });
    expect(judgeAgain(rebuilt, verdict("verified"), 5).turned).toBeUndefined();
  });
});

describe("a verdict for which bytes were read", () => {
  const reasons = [words("acme signed this image")];
  const claim = {
    id: "0x1",
    signers: ["0xa"],
    threshold: 1,
    signedAt: "",
    expiresAt: null,
    block: 1,
    transaction: "0x2",
    annotations: {},
  };
  const deep = verdict("verified", "runtime", { reasons, claim, warnings: [words("about the files")] });
  const shallow = verdict("verified", "id", { reasons, claim });

  it("is not replaced by one that took the engine's word and says the same", () => {
    expect(through(deep, shallow).shown).toBe(deep);
    expect(through(shallow, deep).shown).toBe(deep);
  });

  it("comes back after an outage", () => {
    const out = through(deep, verdict("inconclusive", null));
    expect(out.shown?.status).toBe("inconclusive");
    expect(judgeAgain(out, shallow, 3).shown).toBe(deep);
  });

  it.each([
    ["another status", verdict("revoked", "id", { reasons, claim })],
    ["another claim", verdict("verified", "id", { reasons, claim: { ...claim, id: "0x9" } })],
    ["more signers", verdict("verified", "id", { reasons, claim: { ...claim, signers: ["0xa", "0xb"] } })],
    ["another reason", verdict("verified", "id", { reasons: [words("globex signed it")], claim })],
    [
      "a new warning",
      verdict("verified", "id", { reasons, claim, warnings: [words("the tag has moved on")] }),
    ],
  ])("makes way for %s", (_, newer) => {
    const changed = through(deep, newer);
    expect(changed.shown).toBe(newer);
    // What was read is not brought back by chance.
    expect(judgeAgain(changed, shallow, 3).shown).toBe(shallow);
  });

  it("that is corrupt stays, whatever the engine's word and the chain say, until bytes are read again", () => {
    const corrupt = verdict("corrupt", "runtime", { reasons: [words("/bin/sh: its content differs")] });
    for (const newer of [shallow, verdict("unsigned"), verdict("inconclusive", null), verdict("revoked")]) {
      const kept = through(corrupt, newer);
      expect(kept.shown).toBe(corrupt);
      expect(kept.turned).toBeUndefined();
    }
    const healed = through(corrupt, shallow, deep);
    expect(healed.shown).toBe(deep);
    expect(healed.turned).toEqual({ from: "corrupt", at: 3 });
  });

  it("that could not come to an end takes nothing from what was found before", () => {
    const failed = through(deep, verdict("inconclusive", "runtime"));
    expect(failed.shown?.status).toBe("inconclusive");
    expect(judgeAgain(failed, shallow, 3).shown).toBe(deep);
  });
});
