import { describe, expect, test } from "vitest";
import type { ImageName } from "../../../src/image/image.ts";
import { defaultPolicy } from "../../../src/policy/policy.ts";
import { TrustPolicies } from "../../../src/policy/trust-policy.ts";
import { combineNames } from "../../../src/verdict/combine.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { judge } from "../../../src/verdict/judge.ts";
import type { Verdict, VerdictStatus } from "../../../src/verdict/verdict.ts";
import { verdictStatuses } from "../../../src/verdict/verdict.ts";
import { apiName, claim, evidence, evidenceOf, facts } from "../../support/evidence.ts";
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
    const names: unknown[] = [];
    const { verdict } = await judge(facts({ otherNames: [second] }), policies, async (seen) => {
      names.push(seen.name);
      const tag = seen.name?.tag ?? "";
      return { ...evidenceOf(claim({ tag })), facts: seen };
    });
    expect(names).toEqual([apiName, second]);
    expectVerdict(verdict, "verified");
    expect(verdict.tag).toBe("1.0");
    expect(verdict.reasons.map(String)).toEqual([
      expect.stringContaining(":1.0"),
      expect.stringContaining(":2.0"),
    ]);
  });

  test("is what it is under the worst of them, which is named", async () => {
    const { verdict } = await judge(facts({ otherNames: [second, foreign] }), policies, (seen) =>
      seen.name?.repository === foreign.repository
        ? { ...evidence(), facts: seen }
        : { ...evidenceOf(claim({ tag: seen.name?.tag ?? "" })), facts: seen },
    );
    expectVerdict(verdict, "unsigned");
    expect(verdict).toMatchObject({ repository: "docker.io/evil/api", tag: "1.0", claim: null });
    expect(`${verdict.reasons.at(-1)}`).toMatch(/3 names.*docker\.io\/evil\/api:1\.0/);
  });

  test("is denied without any question where no policy holds one of them", async () => {
    const only = new TrustPolicies([
      { ...policies.all[0], registryScopes: ["docker.io/acme/*"] } as (typeof policies.all)[0],
    ]);
    const asked = () => {
      throw new Error("A question was asked.");
    };
    expect(await judge(facts({ otherNames: [foreign] }), only, asked)).toMatchObject({
      verdict: { status: "denied", repository: "docker.io/evil/api" },
      trust: undefined,
    });
  });

  test("has the policy that holds for all of its names, and none where they differ", async () => {
    const [whole] = policies.all;
    if (whole === undefined) throw new Error("There is one.");
    const lenient = {
      ...whole,
      name: "lenient",
      level: "audit",
      registryScopes: [apiName.repository],
    } as const;
    const both = new TrustPolicies([whole, lenient]);
    const gather = () => evidenceOf(claim());
    expect((await judge(facts({ otherNames: [second] }), both, gather)).trust).toBe(lenient);
    expect((await judge(facts({ otherNames: [foreign] }), both, gather)).trust).toBeUndefined();
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
