import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import { questionsOf, type TrustPolicies, type TrustPolicy } from "../policy/trust-policy.ts";
import { combine, combineNames, decideUnscoped } from "./combine.ts";
import { decide, decideCorrupt } from "./decide.ts";
import { hangsOnLayers } from "./depth.ts";
import type { Evidence } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/** Brings the evidence about an image for one question of a policy: from the chain, or from an index of it. */
export type Gatherer = (facts: ImageFacts, question: Policy) => Evidence | Promise<Evidence>;

/** A verdict, and what it came of. */
export interface Judgement {
  readonly verdict: Verdict;
  /** the policy that held; undefined where none or several did, and where the image is corrupt, which none lets pass */
  readonly trust: TrustPolicy | undefined;
  /** whether the verdict hangs on layers that were not read */
  readonly hangsOnLayers: boolean;
}

/**
 * The one way from what was read of an image to its verdict, wherever the evidence comes from. Whoever loads an archive gives the image all
 * names that stand in it, so that it is judged under each.
 * @param gather is asked only where claims can change the verdict
 * @throws what `gather` throws
 */
export async function judge(
  facts: ImageFacts,
  policies: TrustPolicies,
  gather: Gatherer,
): Promise<Judgement> {
  const now = Math.floor(Date.now() / 1000);
  const settled = (verdict: Verdict): Judgement => ({ verdict, trust: undefined, hangsOnLayers: false });
  if (facts.corruptions.length > 0) return settled(decideCorrupt(facts, now));
  const named: { readonly facts: ImageFacts; readonly trust: TrustPolicy }[] = [];
  for (const one of [facts, ...(facts.otherNames ?? []).map((name) => ({ ...facts, name }))]) {
    const trust = policies.for(one);
    if (trust === undefined) return settled(decideUnscoped(one, now));
    named.push({ facts: one, trust });
  }
  const verdicts: Verdict[] = [];
  let isOpen = false;
  for (const one of named) {
    const { verdict, hangsOnLayers } = await judgeName(one.facts, one.trust, gather);
    verdicts.push(verdict);
    isOpen ||= hangsOnLayers;
  }
  const [trust, ...others] = new Set(named.map((one) => one.trust));
  return {
    verdict: combineNames(verdicts),
    trust: others.length === 0 ? trust : undefined,
    hangsOnLayers: isOpen,
  };
}

/** Judges an image under one name by all that a policy asks. */
async function judgeName(
  facts: ImageFacts,
  trust: TrustPolicy,
  gather: Gatherer,
): Promise<Pick<Judgement, "verdict" | "hangsOnLayers">> {
  // All questions at once, so that what is known at once is known as of one moment.
  const gathered = await Promise.all(
    questionsOf(trust).map(async (question) => ({ question, evidence: await gather(facts, question) })),
  );
  const found = gathered.map(({ question, evidence }) => {
    const verdict = decide(evidence, question);
    return { verdict, isOpen: hangsOnLayers(evidence, verdict) };
  });
  const verdict = combine(
    trust,
    found.map((one) => one.verdict),
  );
  return { verdict, hangsOnLayers: found.some(({ isOpen }) => isOpen) };
}
