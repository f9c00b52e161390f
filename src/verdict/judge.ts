import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import { questionsOf, type TrustPolicies, type TrustPolicy } from "../policy/trust-policy.ts";
import { combine, decideUnscoped } from "./combine.ts";
import { decide, decideCorrupt } from "./decide.ts";
import { hangsOnLayers } from "./depth.ts";
import type { Evidence } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/** Brings the evidence about an image for one question of a policy: from the chain, or from an index of it. */
export type Gatherer = (facts: ImageFacts, question: Policy) => Evidence | Promise<Evidence>;

/** A verdict, and what it came of. */
export interface Judgement {
  readonly verdict: Verdict;
  /** the policy that held; undefined where none does, or where the image is corrupt, which none lets pass */
  readonly trust: TrustPolicy | undefined;
  /** whether the verdict hangs on layers that were not read */
  readonly hangsOnLayers: boolean;
}

/**
 * The one way from what was read of an image to its verdict, wherever the evidence comes from.
 * @param gather is asked only where claims can change the verdict
 * @throws what `gather` throws
 */
export async function judge(
  facts: ImageFacts,
  policies: TrustPolicies,
  gather: Gatherer,
): Promise<Judgement> {
  const now = Math.floor(Date.now() / 1000);
  if (facts.corruptions.length > 0)
    return { verdict: decideCorrupt(facts, now), trust: undefined, hangsOnLayers: false };
  const trust = policies.for(facts);
  if (trust === undefined) return { verdict: decideUnscoped(facts, now), trust, hangsOnLayers: false };
  const questions = questionsOf(trust);
  // All at once, so that what is known at once is known as of one moment.
  const gathered = await Promise.all(
    questions.map(async (question) => ({ question, evidence: await gather(facts, question) })),
  );
  const found = gathered.map(({ question, evidence }) => {
    const verdict = decide(evidence, question);
    return { verdict, isOpen: hangsOnLayers(evidence, verdict) };
  });
  const verdict = combine(
    trust,
    found.map((one) => one.verdict),
  );
  return { verdict, trust, hangsOnLayers: found.some(({ isOpen }) => isOpen) };
}
