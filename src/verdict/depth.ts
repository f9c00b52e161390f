import type { ImageFacts, Subject } from "../image/image.ts";
import { unseenImages } from "../image/oci/listed.ts";
import type { ClaimState, Evidence } from "./evidence.ts";
import type { Verdict } from "./verdict.ts";

/** The claim's runtime digests for the platform of the image's own. */
function claimedRuntimes({ claim }: ClaimState, { platform }: Subject): Subject[] {
  const all = claim.subjects.filter(({ kind }) => kind === "runtime");
  const same = all.filter((subject) => subject.platform === platform);
  if (same.length > 0) return same;
  // Stores differ in whether they name the variant of an architecture.
  const bare = (text: string) => text.split("/", 2).join("/");
  return all.filter((subject) => bare(subject.platform) === bare(platform));
}

/**
 * Whether a claim says of the image's platform that something else would run than what does.
 * @returns the runtime digest found and the one claimed; undefined where they agree or either is not known
 */
export function runtimeContradiction(
  facts: ImageFacts,
  claim: ClaimState,
): { found: Subject; claimed: Subject } | undefined {
  for (const found of facts.subjects) {
    if (found.kind !== "runtime") continue;
    const claimed = claimedRuntimes(claim, found);
    const [first] = claimed;
    if (first !== undefined && claimed.every(({ digest }) => digest !== found.digest))
      return { found, claimed: first };
  }
  return undefined;
}

/**
 * Whether the verdict hangs on the image's layers, which were not read to the point: what was looked at agrees with no claim,
 * or with one that does not bind the bytes that were looked at.
 */
export function hangsOnLayers({ facts, claims }: Evidence, verdict: Verdict): boolean {
  if (facts.layers === "config") return false;
  if (facts.depth === "content") {
    const isBound = verdict.matched === "manifest" || verdict.matched === "index";
    return !isBound || verdict.status !== "verified";
  }
  if (facts.depth !== "runtime") return false;
  // To name the paths that differ.
  if (verdict.status === "corrupt") return true;
  // Of an index that is not claimed itself, every platform that is there has to be looked at.
  if (verdict.matched !== "index" && unseenImages(facts).length > 0) return true;
  const found = facts.subjects.find(({ kind }) => kind === "runtime");
  if (found === undefined || verdict.matched === "runtime") return false;
  // The daemon names an index or a manifest only; a claim may know the image by its config.
  if (verdict.claim === null) return !facts.subjects.some(({ kind }) => kind === "config");
  const claim = claims.find(({ id }) => id === verdict.claim?.id);
  return claim === undefined || claimedRuntimes(claim, found).length === 0;
}
