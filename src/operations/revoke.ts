import { claimStructHash } from "../claim/claim.ts";
import { findClaim, findClaims, type RecordedClaim, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { type BlockReference, readBlock } from "../contract/contract.ts";
import type { Organisation } from "../contract/organisations.ts";
import { type Confirmation, sendToRegistry } from "../contract/transaction.ts";
import { type Digest, digestToBytes32 } from "../digest/digest.ts";
import type { Signer } from "../signature/signer.ts";

/** What a revocation would take away. */
export interface Revocable {
  /** not yet revoked, in the order of the claims that name them */
  readonly digests: readonly Digest[];
  readonly alreadyRevoked: readonly Digest[];
  /** the organisation's claims that name one of the digests */
  readonly claims: readonly RecordedClaim[];
}

/**
 * Every digest under which an organisation claimed an image: what must fall for the image to fall, wherever it lies.
 * @param target.digests digests that are known of the image; may be empty where a tag is given
 * @param target.name looked up as the tag's newest claim where no digest is known
 * @throws as `findClaims` and `readClaims`
 */
export async function findRevocable(
  connection: Connection,
  organisation: Organisation,
  target: { digests: readonly Digest[]; name?: { repository: string; tag: string } | undefined },
): Promise<Revocable> {
  const block = await readBlock(connection.rpc);
  const claims = await claimsOf(connection, organisation, target, block);
  const digests = [
    ...new Set([
      ...target.digests,
      ...claims.flatMap(({ claim }) => claim.subjects.map(({ digest }) => digest)),
    ]),
  ];
  const query = { organisation: organisation.id, keys: [], digests, repository: "", tag: "" };
  const revoked = new Set((await readClaims(connection, query, block)).revoked);
  return {
    digests: digests.filter((digest) => !revoked.has(digest)),
    alreadyRevoked: [...revoked],
    claims,
  };
}

async function claimsOf(
  connection: Connection,
  organisation: Organisation,
  target: { digests: readonly Digest[]; name?: { repository: string; tag: string } | undefined },
  block: BlockReference,
): Promise<readonly RecordedClaim[]> {
  const { id } = organisation;
  if (target.digests.length === 0) {
    const { repository, tag } = target.name ?? { repository: "", tag: "" };
    const { head } = await readClaims(
      connection,
      { organisation: id, keys: [], digests: [], repository, tag },
      block,
    );
    return head === undefined ? [] : [head];
  }
  const keys = await findClaims(connection, target.digests, id, block);
  return (
    await readClaims(connection, { organisation: id, keys, digests: [], repository: "", tag: "" }, block)
  ).claims;
}

/**
 * Revokes digests for good, in every claim of the organisation.
 * @param reason for people, at most 512 bytes
 * @throws as `sendToRegistry`
 */
export async function revokeDigests(
  connection: Connection,
  signer: Signer,
  organisation: Organisation,
  digests: readonly Digest[],
  reason: string,
): Promise<Confirmation> {
  return sendToRegistry(connection, signer, "revokeDigests", [
    organisation.id,
    digests.map(digestToBytes32),
    reason,
  ]);
}

/**
 * Finds a claim of an organisation.
 * @returns undefined where it has none of this id
 * @throws as `findClaim` and `readClaims`
 */
export async function readClaim(
  connection: Connection,
  organisation: Organisation,
  id: `0x${string}`,
): Promise<RecordedClaim | undefined> {
  const block = await readBlock(connection.rpc);
  const key = await findClaim(connection, organisation.id, id, block);
  if (key === undefined) return undefined;
  const query = { organisation: organisation.id, keys: [key], digests: [], repository: "", tag: "" };
  return (await readClaims(connection, query, block)).claims[0];
}

/**
 * Revokes one claim for good; the digests that it names stay free for others. By an admin, or by a signer whose approval counted.
 * @param reason for people, at most 512 bytes
 * @throws as `sendToRegistry`
 */
export async function revokeClaim(
  connection: Connection,
  sender: Signer,
  organisation: Organisation,
  claim: RecordedClaim,
  reason: string,
): Promise<Confirmation> {
  const isAdmin = organisation.admins.includes(sender.address);
  if (isAdmin || claim.record === claim.id) {
    return sendToRegistry(connection, sender, "revokeClaim", [organisation.id, claim.id, reason]);
  }
  // A signer shows that the claim is in the batch that it signed.
  const hashes = claim.batch.map(claimStructHash);
  const index = hashes.indexOf(claimStructHash(claim.claim));
  return sendToRegistry(connection, sender, "revokeClaimInBatch", [organisation.id, hashes, index, reason]);
}
