import { describe, expect, test } from "vitest";
import type { ImageName } from "../../../src/image/image.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { TrustPolicies } from "../../../src/policy/trust-policy.ts";
import { combineNames } from "../../../src/verdict/combine.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { judgeNames, questionsAbout } from "../../../src/verdict/names.ts";
import type { Verdict, VerdictStatus } from "../../../src/verdict/verdict.ts";
import { verdictStatuses } from "../../../src/verdict/verdict.ts";
import { apiName, claim, evidence, evidenceOf, facts, now } from "../../support/evidence.ts";
import { expectVerdict } from "../../support/verdict.ts";

const second: ImageName = { ...apiName, tag: "2.0" };
const foreign: ImageName = { ...apiName, repository: "docker.io/evil/api" };
const policies = TrustPolicies.of(defaultPolicy);

const verdict = (status: VerdictStatus, name: ImageName = apiName): Verdict => ({
  ...decide(evidenceOf(claim()), defaultPolicy),
  status,
  repository: name.repository,
  tag: name.tag,
});

describe("an image with several names", () => {
  test("is verified where it is under each of them", async () => {
    const asked = questionsAbout(facts({ otherNames: [second] }), policies, now);
    if ("verdict" in asked) throw new Error("It was decided without asking.");
    const names: unknown[] = [];
    const { verdict } = await judgeNames(asked.questions, async (seen) => {
      names.push(seen.name);
      const tag = seen.name?.tag ?? "";
      return { ...evidenceOf(claim({ tag })), facts: seen };
    });
    expect(names).toEqual([apiName, second]);
    expectVerdict(verdict, "verified");
    expect(verdict).toMatchObject({
      tag: "1.0",
      reasons: [expect.stringContaining(":1.0"), expect.stringContaining(":2.0")],
    });
  });

  test("is what it is under the worst of them, which is named", async () => {
    const asked = questionsAbout(facts({ otherNames: [second, foreign] }), policies, now);
    if ("verdict" in asked) throw new Error("It was decided without asking.");
    const { verdict } = await judgeNames(asked.questions, async (seen) =>
      seen.name?.repository === foreign.repository
        ? { ...evidence(), facts: seen }
        : { ...evidenceOf(claim({ tag: seen.name?.tag ?? "" })), facts: seen },
    );
    expectVerdict(verdict, "unsigned");
    expect(verdict).toMatchObject({ repository: "docker.io/evil/api", tag: "1.0", claim: null });
    expect(verdict.reasons.at(-1)).toMatch(/3 names.*docker\.io\/evil\/api:1\.0/);
  });

  test("is denied without any question where no policy holds one of them", () => {
    const only = new TrustPolicies([
      { ...policies.all[0], registryScopes: ["docker.io/acme/*"] } as (typeof policies.all)[0],
    ]);
    expect(questionsAbout(facts({ otherNames: [foreign] }), only, now)).toMatchObject({
      verdict: { status: "denied", repository: "docker.io/evil/api" },
    });
  });

  test.each(Object.keys(verdictStatuses) as VerdictStatus[])(
    "is never verified with a name that is %s",
    (status) => {
      for (const verdicts of [
        [verdict("verified"), verdict(status, second)],
        [verdict(status, second), verdict("verified")],
      ])
        expect(combineNames(verdicts).status).toBe(status);
      expect(combineNames([verdict("inconclusive"), verdict(status, second)]).status).toBe(
        status === "verified" ? "inconclusive" : status,
      );
    },
  );
});
