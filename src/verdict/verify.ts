import type { Connection } from "../chain/network.ts";
import { DaoChainError } from "../errors.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import { decide, decideCorrupt, decideInconclusive } from "./decide.ts";
import { gatherEvidence } from "./gather.ts";
import type { Verdict } from "./verdict.ts";

/**
 * Reads one image, asks the chain, decides. What cannot be asked makes the verdict inconclusive; it is not thrown.
 * @param open the image, as `openImage` gives it
 * @param connect the chain, as `connect` gives it; asked for only once the image has been read
 * @throws only what the caller must change (outcome `usage`) and CANCELLED
 */
export async function verifyImage(
  image: string,
  open: () => Promise<ImageSource>,
  connect: () => Promise<Connection>,
  policy: Policy,
  options: InspectOptions = {},
): Promise<Verdict> {
  const now = (): number => Math.floor(Date.now() / 1000);
  let facts: ImageFacts | undefined;
  try {
    facts = await (await open()).inspect(options);
    if (facts.corruptions.length > 0) return decideCorrupt(facts, now());
    return decide(await gatherEvidence(await connect(), facts, policy), policy);
  } catch (error) {
    if (!(error instanceof DaoChainError) || error.outcome === "usage" || error.outcome === "cancelled")
      throw error;
    const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
    if (error.outcome === "corrupt")
      return { ...decideInconclusive(image, facts, reason, now()), status: "corrupt" };
    return decideInconclusive(image, facts, reason, now());
  }
}
