import { toClaimStruct } from "../claim/claim.ts";
import { findClaim, findClaims, placeOf, type RecordedClaim, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { readBlock } from "../contract/contract.ts";
import type { Organisation } from "../contract/organisations.ts";
import { sendToRegistry } from "../contract/transaction.ts";
import type { Digest } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import { isSeenWhole, tellListed } from "../image/oci/listed.ts";
import { signApproval, signBatchApproval } from "../signature/signed-claim.ts";
import type { Signer } from "../signature/signer.ts";
import type { Verdict } from "../verdict/verdict.ts";
import { reportRecorded } from "./submit.ts";

/**
 * The claims of an organisation that name an image and still wait for signatures, newest first.
 * @param target the image's digests, or a claim's id
 * @throws as `findClaims` and `readClaims`
 */
export async function findPending(
  connection: Connection,
  organisation: Organisation,
  target: { readonly digests: readonly Digest[] } | { readonly claim: `0x${string}` },
): Promise<RecordedClaim[]> {
  const block = await readBlock(connection.rpc);
  const keys =
    "claim" in target
      ? [await findClaim(connection, organisation.id, target.claim, block)].filter((key) => key !== undefined)
      : await findClaims(connection, target.digests, organisation.id, block);
  const query = { organisation: organisation.id, keys, digests: [], repository: "", tag: "" };
  const { claims } = await readClaims(connection, query, block);
  const waits = ({ threshold, validApprovals, revokedAt }: RecordedClaim): boolean =>
    revokedAt === 0 && (threshold === 0 || validApprovals < threshold);
  return claims.filter(waits).sort((a, b) => b.claim.issuedAt - a.claim.issuedAt);
}

/**
 * Adds one's signature to a recorded claim.
 * @param facts the image, where it is at hand: then the claim must name it in every kind of digest that both have
 * @throws CLAIM_OF_OTHER_IMAGE where the image is not the claimed one; as `sendToRegistry` and `reportRecorded`
 */
export async function approveClaim(
  connection: Connection,
  signer: Signer,
  claim: RecordedClaim,
  facts?: ImageFacts,
): Promise<Verdict<"signed" | "pending">> {
  const { organisation, subjects } = claim.claim;
  for (const { kind, digest } of facts?.subjects ?? []) {
    const named = subjects.filter((subject) => subject.kind === kind);
    if (named.length === 0 || named.some((subject) => subject.digest === digest)) continue;
    throw failure("CLAIM_OF_OTHER_IMAGE", { kind, digest, image: facts?.image ?? "" });
  }
  // Whoever approves an index vouches for all that it lists, as who signs it does.
  const indexes = new Set(subjects.filter(({ kind }) => kind === "index").map(({ digest }) => digest));
  if (
    facts !== undefined &&
    !isSeenWhole(facts) &&
    facts.subjects.some(({ digest }) => indexes.has(digest))
  ) {
    const unseen = facts.listed?.filter((listed) => listed.unseen !== undefined) ?? [];
    throw failure("CLAIM_OF_UNSEEN", { images: tellListed(unseen) });
  }
  const place = placeOf(connection);
  if (claim.record === claim.id) {
    const approval = await signApproval(signer, claim.claim, place);
    await sendToRegistry(connection, signer, "approve", [organisation, claim.record, [approval]]);
  } else {
    // A batch that waits moves many tags at once: the registry must be shown all of its claims again.
    const approval = await signBatchApproval(signer, claim.batch, place);
    const claims = claim.batch.map(toClaimStruct);
    await sendToRegistry(connection, signer, "submitBatch", [claims, [approval], claims.map(() => "")]);
  }
  return reportRecorded(connection, organisation, claim, facts);
}
