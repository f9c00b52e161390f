import { concat, keccak256, TypedDataEncoder } from "ethers";
import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";
import {
  type Bytes32,
  type ClaimPlace,
  claimDigest,
  claimStructHash,
  claimTypes,
  type ImageClaim,
} from "./claim.ts";

/** Claims that one signature may approve at once, the contract's bound. */
export const maxBatchClaims = 100;

/** The EIP-712 types of a batch of claims, as signers take them; the value they sign is `{ claims }`. */
export const batchTypes: Record<string, { name: string; type: string }[]> = {
  ImageClaimBatch: [{ name: "claims", type: "ImageClaim[]" }],
  ...claimTypes,
};

// Made at its first use: most images were signed alone, and start-up is part of every command.
let batchTypeHash: string | undefined;

/**
 * The record's id of claims that are signed at once: the EIP-712 digest of their ImageClaimBatch.
 *
 * @param claims 1 to 100 of one organisation
 * @throws BATCH_INVALID, CLAIM_INVALID when the contract could not record them as a batch
 */
export function batchId(claims: readonly ImageClaim[], place: ClaimPlace): Bytes32 {
  const organisation = claims[0]?.organisation;
  if (claims.some((claim) => claim.organisation !== organisation)) {
    throw invalid(say("batch-of-several"));
  }
  return batchIdOfHashes(claims.map(claimStructHash), place);
}

/**
 * The same of the claims' struct hashes. Who knows a claim and the struct hashes beside it proves that it is in the batch.
 *
 * @param hashes `claimStructHash` of each claim, in their order
 * @throws BATCH_INVALID when there are none, or more than 100
 */
export function batchIdOfHashes(hashes: readonly Bytes32[], place: ClaimPlace): Bytes32 {
  if (hashes.length === 0) throw invalid(say("batch-empty"));
  if (hashes.length > maxBatchClaims) {
    throw invalid(say("batch-too-large", { count: hashes.length, limit: maxBatchClaims }));
  }
  batchTypeHash ??= keccak256(Buffer.from(TypedDataEncoder.from(batchTypes).encodeType("ImageClaimBatch")));
  return claimDigest(keccak256(concat([batchTypeHash, keccak256(concat(hashes))])), place);
}

/** The id of a claim (`claimId`) whose struct hash is known. */
export function claimIdOfHash(hash: Bytes32, place: ClaimPlace): Bytes32 {
  return claimDigest(hash, place);
}

function invalid(reason: Message): DaoChainError {
  return failure("BATCH_INVALID", { reason });
}
