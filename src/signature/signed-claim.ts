import { type Annotations, encodeAnnotations, hashAnnotations } from "../claim/annotations.ts";
import { batchTypes } from "../claim/batch.ts";
import {
  type Bytes32,
  type ClaimPlace,
  claimDomain,
  claimId,
  claimTypes,
  type ImageClaim,
  toClaimStruct,
  validateClaim,
} from "../claim/claim.ts";
import { digestKinds, isDigest } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import type { Signer } from "./signer.ts";

/** A signer's approval of a claim. */
export interface Approval {
  /** checksummed address */
  readonly signer: string;
  /** hex; 65 bytes for a key, whatever a contract wallet takes for EIP-1271 */
  readonly signature: string;
}

/** A claim that was signed and that anyone may record: on this machine, or on another that can reach the chain. */
export interface SignedClaim {
  readonly place: ClaimPlace;
  readonly claim: ImageClaim;
  readonly annotations: Annotations;
  readonly approvals: readonly Approval[];
}

const format = "daochain-claim/1";
/** Approvals that a file may hold. */
const maxApprovals = 64;

/** Signs a claim for one registry on one chain. @throws CLAIM_INVALID */
export async function signClaim(
  signer: Signer,
  claim: ImageClaim,
  annotations: Annotations,
  place: ClaimPlace,
): Promise<SignedClaim> {
  return { place, claim, annotations, approvals: [await signApproval(signer, claim, place)] };
}

/** Signs a claim. @throws CLAIM_INVALID, and as the signer does */
export async function signApproval(signer: Signer, claim: ImageClaim, place: ClaimPlace): Promise<Approval> {
  const signature = await signer.signTypedData({
    domain: claimDomain(place),
    types: claimTypes,
    primaryType: "ImageClaim",
    message: { ...toClaimStruct(claim) },
  });
  return { signer: signer.address, signature };
}

/** Signs claims of one organisation at once, as a batch. @throws CLAIM_INVALID, and as the signer does */
export async function signBatchApproval(
  signer: Signer,
  claims: readonly ImageClaim[],
  place: ClaimPlace,
): Promise<Approval> {
  const signature = await signer.signTypedData({
    domain: claimDomain(place),
    types: batchTypes,
    primaryType: "ImageClaimBatch",
    message: { claims: claims.map(toClaimStruct) },
  });
  return { signer: signer.address, signature };
}

/** The signed claim, as of `signImageOffline`, as a file's JSON: to be carried to where the chain can be reached. */
export function formatSignedClaim({ place, claim, annotations, approvals }: SignedClaim): string {
  const { annotations: _hash, ...fields } = claim;
  const file = { format, ...place, id: claimId(claim, place), claim: { ...fields, annotations }, approvals };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * Reads a signed claim's file. Whether the signatures are good is for the registry to say.
 * @throws CLAIM_FILE_INVALID where it is not such a file, or its claim does not hash to its id
 */
export function parseSignedClaim(json: string): SignedClaim {
  try {
    const file = record(JSON.parse(json));
    if (file["format"] !== format) throw new Error("format");
    const { claim: fields, approvals: list } = file;
    const { annotations: texts, subjects, ...rest } = record(fields);
    const annotations = Object.fromEntries(
      Object.entries(record(texts)).map(([key, value]) => [key, text(value)]),
    );
    const claim: ImageClaim = {
      organisation: text(rest["organisation"]) as Bytes32,
      repository: text(rest["repository"]),
      tag: text(rest["tag"]),
      subjects: array(subjects).map((value) => {
        const { kind, digest, platform } = record(value);
        const known = digestKinds.find((name) => name === kind);
        if (known === undefined || !isDigest(digest)) throw new Error("subject");
        return { kind: known, digest, platform: text(platform) };
      }),
      issuedAt: Number(rest["issuedAt"]),
      expiresAt: Number(rest["expiresAt"]),
      annotations: hashAnnotations(encodeAnnotations(annotations)),
    };
    validateClaim(claim);
    const place = { chainId: Number(file["chainId"]), registry: text(file["registry"]) };
    if (claimId(claim, place) !== file["id"]) throw new Error("id");
    const approvals = array(list).map((value) => {
      const { signer, signature } = record(value);
      if (!/^0x([0-9a-f]{2}){1,4096}$/i.test(text(signature))) throw new Error("signature");
      if (!/^0x[0-9a-f]{40}$/i.test(text(signer))) throw new Error("signer");
      return { signer: text(signer), signature: text(signature) };
    });
    if (approvals.length === 0 || approvals.length > maxApprovals) throw new Error("approvals");
    return { place, claim, annotations, approvals };
  } catch (cause) {
    throw failure("CLAIM_FILE_INVALID", {}, { cause });
  }
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Error("not an object");
  return value as Record<string, unknown>;
}

function array(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw new Error("not an array");
  return value;
}

function text(value: unknown): string {
  if (typeof value !== "string") throw new Error("not text");
  return value;
}
