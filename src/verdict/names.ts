import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { TrustPolicies, TrustPolicy } from "../policy/trust-policy.ts";
import { combineNames, decideUnscoped } from "./combine.ts";
import type { Evidence } from "./evidence.ts";
import { judge } from "./judge.ts";
import type { Verdict } from "./verdict.ts";

/** An image under one of its names, and the policy for that. */
interface NamedQuestion {
  readonly facts: ImageFacts;
  readonly trust: TrustPolicy;
}

/**
 * What is asked about an image: whoever loads an archive gives the image all names that stand in it.
 * @returns the verdict where no policy is there for one of the names
 */
export function questionsAbout(
  facts: ImageFacts,
  policies: TrustPolicies,
  now: number,
): { readonly verdict: Verdict } | { readonly questions: readonly NamedQuestion[] } {
  const { otherNames = [] } = facts;
  const named = [facts, ...otherNames.map((name) => ({ ...facts, name }))];
  const questions: NamedQuestion[] = [];
  for (const one of named) {
    const trust = policies.for(one);
    if (trust === undefined) return { verdict: decideUnscoped(one, now) };
    questions.push({ facts: one, trust });
  }
  return { questions };
}

/**
 * Judges an image under each of its names by all that the policy for it asks.
 * @param gather brings the evidence for one question
 * @returns the gravest verdict, and whether one hangs on layers that were not read
 * @throws what `gather` throws
 */
export async function judgeNames(
  questions: readonly NamedQuestion[],
  gather: (facts: ImageFacts, policy: Policy) => Promise<Evidence>,
): ReturnType<typeof judge> {
  const judged: Awaited<ReturnType<typeof judge>>[] = [];
  for (const { facts, trust } of questions)
    judged.push(await judge(trust, (policy) => gather(facts, policy)));
  return {
    verdict: combineNames(judged.map(({ verdict }) => verdict)),
    hangsOnLayers: judged.some(({ hangsOnLayers }) => hangsOnLayers),
  };
}
