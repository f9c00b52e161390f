import type { Policy } from "../policy/policy.ts";
import { questionsOf, type TrustPolicy } from "../policy/trust-policy.ts";
import { combine } from "./combine.ts";
import { decide } from "./decide.ts";
import { hangsOnLayers } from "./depth.ts";
import type { Evidence } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Judges an image by all that a policy asks.
 * @param gather brings the evidence for one question
 * @returns the verdict, and whether it hangs on layers that were not read
 * @throws what `gather` throws
 */
export async function judge(
  trust: TrustPolicy,
  gather: (policy: Policy) => Promise<Evidence>,
): Promise<{ readonly verdict: Verdict; readonly hangsOnLayers: boolean }> {
  const verdicts: Verdict[] = [];
  let isOpen = false;
  for (const policy of questionsOf(trust)) {
    const evidence = await gather(policy);
    const verdict = decide(evidence, policy);
    verdicts.push(verdict);
    isOpen ||= hangsOnLayers(evidence, verdict);
  }
  return { verdict: combine(trust, verdicts), hangsOnLayers: isOpen };
}
