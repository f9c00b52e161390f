import type { ImageClaim } from "../claim/claim.ts";
import type { RecordedClaim } from "../contract/claims.ts";
import type { BlockReference } from "../contract/contract.ts";
import type { Digest } from "../digest/digest.ts";
import type { ImageFacts } from "../image/image.ts";

/** A claim, as far as a decision looks at one. */
export interface ClaimState extends Omit<RecordedClaim, "claim" | "batch" | "submittedAt"> {
  readonly claim: Omit<ImageClaim, "annotations">;
}

/** A claim that names the image, with what matters for its weight. */
export interface ClaimEvidence extends ClaimState {
  readonly organisationName: string;
  /** signatures that its organisation asks for today */
  readonly organisationThreshold: number;
  /** whether its organisation owns the repository that the claim names */
  readonly byOwner: boolean;
}

/** Everything that was gathered about one image. A decision needs nothing else: no clock, no chain, no disk. */
export interface Evidence {
  readonly facts: ImageFacts;
  /** seconds since 1970: the later of this machine's clock and the block's time, so that neither can hold an expiry back */
  readonly now: number;
  readonly chain: { readonly id: number; readonly registry: string };
  readonly block: BlockReference;
  /** the organisation whose word the policy asks for; undefined if nobody owns the image's repository or it has no name */
  readonly required: { readonly id: string; readonly name: string } | undefined;
  /** the newest claim that counted for the image's own repository and tag, by the required organisation */
  readonly head: ClaimState | undefined;
  /** all claims that name one of the image's digests; others' only where the required organisation has none */
  readonly claims: readonly ClaimEvidence[];
  /** digests of this image that the required organisation has revoked */
  readonly revoked: readonly Digest[];
}
