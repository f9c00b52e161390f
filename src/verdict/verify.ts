import type { Connection } from "../contract/connection.ts";
import { type BlockReference, readBlock, readBlockAt } from "../contract/contract.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import { TrustPolicies } from "../policy/trust-policy.ts";
import { gatherEvidence } from "./chain-evidence.ts";
import { decideCorrupt } from "./decide.ts";
import { verdictOfFailure } from "./failure.ts";
import { judgeNames, questionsAbout } from "./names.ts";
import type { Verdict } from "./verdict.ts";

/** A moment in the chain's past: a block's number, or seconds since 1970. */
export type Moment = { readonly block: number } | { readonly time: number };

export interface VerifyOptions extends InspectOptions {
  /** judge as of then; undefined: now */
  readonly at?: Moment | undefined;
}

/**
 * Reads one image, asks the chain, decides. What cannot be asked makes the verdict inconclusive; it is not thrown.
 * @param open the image, as `openImage` gives it
 * @param connect the chain, as `connect` gives it; asked for only once the image has been read
 * @param policy one for everything, or several by the repositories that they are for
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function verifyImage(
  image: string,
  open: () => Promise<ImageSource>,
  connect: () => Promise<Connection>,
  policy: Policy | TrustPolicies,
  options: VerifyOptions = {},
): Promise<Verdict> {
  const policies = policy instanceof TrustPolicies ? policy : TrustPolicies.of(policy);
  const now = (): number => Math.floor(Date.now() / 1000);
  let facts: ImageFacts | undefined;
  try {
    const source = await open();
    // No more than the verdict turns out to need.
    facts = await source.inspect({ thorough: false, ...options });
    if (facts.corruptions.length > 0) return decideCorrupt(facts, now());
    const asked = questionsAbout(facts, policies, now());
    if ("verdict" in asked) return asked.verdict;
    const connection = await connect();
    const at = options.at === undefined ? undefined : await blockOf(connection, options.at);
    const look = ({ questions }: typeof asked) =>
      judgeNames(questions, (seen, policy) => gatherEvidence(connection, seen, policy, at));
    const first = await look(asked);
    if (!first.hangsOnLayers) return first.verdict;
    facts = await source.inspect({ ...options, thorough: true });
    if (facts.corruptions.length > 0) return decideCorrupt(facts, now());
    const again = questionsAbout(facts, policies, now());
    return "verdict" in again ? again.verdict : (await look(again)).verdict;
  } catch (error) {
    return verdictOfFailure(error, image, facts);
  }
}

function blockOf({ rpc }: Connection, at: Moment): Promise<BlockReference> {
  return "block" in at ? readBlock(rpc, at.block) : readBlockAt(rpc, at.time);
}
