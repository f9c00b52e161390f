import { concat, id, keccak256, TypedDataEncoder } from "ethers";
import {
  type Digest,
  type DigestKind,
  digestFromBytes32,
  digestKinds,
  digestToBytes32,
  isDigest,
} from "../digest/digest.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";

/** `0x` and 64 lowercase hex digits. */
export type Bytes32 = `0x${string}`;

/** One identity of the claimed image. `platform` is `os/architecture[/variant]`, empty for an index. */
export interface ClaimSubject {
  readonly kind: DigestKind;
  readonly digest: Digest;
  readonly platform: string;
}

/** What an organisation says about an image; docs/specs/claim.md. */
export interface ImageClaim {
  /** keccak256 of the organisation's name: `organisationId(name)` */
  readonly organisation: Bytes32;
  /** canonical, without tag: "docker.io/library/alpine" */
  readonly repository: string;
  /** empty when the image was named by digest alone */
  readonly tag: string;
  readonly subjects: readonly ClaimSubject[];
  /** seconds since 1970 */
  readonly issuedAt: number;
  /** seconds since 1970, 0 for never */
  readonly expiresAt: number;
  /** SHA-256 of the annotations' canonical JSON; 32 zero bytes without annotations */
  readonly annotations: Bytes32;
}

/** Where a claim is good: one registry contract on one chain. */
export interface ClaimPlace {
  readonly chainId: number;
  /** the contract's address */
  readonly registry: string;
}

/** The same as an EIP-712 signer takes it. */
export interface ClaimDomain {
  readonly name: "DaoChain";
  readonly version: "1";
  readonly chainId: bigint;
  readonly verifyingContract: string;
}

/** A claim as the contract's ABI takes and gives it. */
export interface ClaimStruct {
  readonly organisation: string;
  readonly repository: string;
  readonly tag: string;
  readonly subjects: readonly { readonly digest: string; readonly kind: bigint; readonly platform: string }[];
  readonly issuedAt: bigint;
  readonly expiresAt: bigint;
  readonly annotations: string;
}

/** The bounds that the contract sets, lengths in bytes of UTF-8. */
export const claimLimits = { subjects: 64, repository: 255, tag: 128, platform: 64 } as const;

/** The EIP-712 types of a claim, as signers take them. */
export const claimTypes: Record<"ImageClaim" | "Subject", { name: string; type: string }[]> = {
  ImageClaim: [
    { name: "organisation", type: "bytes32" },
    { name: "repository", type: "string" },
    { name: "tag", type: "string" },
    { name: "subjects", type: "Subject[]" },
    { name: "issuedAt", type: "uint64" },
    { name: "expiresAt", type: "uint64" },
    { name: "annotations", type: "bytes32" },
  ],
  Subject: [
    { name: "digest", type: "bytes32" },
    { name: "kind", type: "uint8" },
    { name: "platform", type: "string" },
  ],
};

export const noAnnotations: Bytes32 = `0x${"0".repeat(64)}`;

/** What the contract knows an organisation by: keccak256 of its name. @param name as it was admitted: 1 to 63 of a-z, 0-9 and '-' */
export function organisationId(name: string): Bytes32 {
  return toBytes32(id(name));
}

/** The EIP-712 domain in which claims of this registry contract are signed. */
export function claimDomain(place: ClaimPlace): ClaimDomain {
  return {
    name: "DaoChain",
    version: "1",
    chainId: BigInt(place.chainId),
    verifyingContract: place.registry,
  };
}

/**
 * The claim's id: its EIP-712 digest (EIP-712, "Specification"), which is also what signers sign.
 *
 * @throws CLAIM_INVALID when the claim is not one that the contract could record
 */
export function claimId(claim: ImageClaim, place: ClaimPlace): Bytes32 {
  return toBytes32(claimDigest(claimStructHash(claim), place));
}

// Made once, and not before they are needed: a command may need many of them, or none.
let claimEncoder: TypedDataEncoder | undefined;
const domainHashes = new Map<string, string>();

/**
 * hashStruct of a claim (EIP-712, "Definition of hashStruct"): what a batch's id is made of. Unlike the claim's id it knows no chain.
 *
 * @throws CLAIM_INVALID when the claim is not one that the contract could record
 */
export function claimStructHash(claim: ImageClaim): Bytes32 {
  claimEncoder ??= TypedDataEncoder.from(claimTypes);
  return toBytes32(claimEncoder.hash(toClaimStruct(claim)));
}

/** What is signed, of a struct's hash, in one place (EIP-712, "Specification"). */
export function claimDigest(structHash: string, place: ClaimPlace): Bytes32 {
  const key = `${place.chainId} ${place.registry}`;
  const domain = domainHashes.get(key) ?? TypedDataEncoder.hashDomain(claimDomain(place));
  if (domainHashes.size < 16) domainHashes.set(key, domain);
  return toBytes32(keccak256(concat(["0x1901", domain, structHash])));
}

/**
 * The claim as the contract's ABI and an EIP-712 signer take it.
 *
 * @throws CLAIM_INVALID when the claim is not one that the contract could record
 */
export function toClaimStruct(claim: ImageClaim): ClaimStruct {
  validateClaim(claim);
  return {
    organisation: claim.organisation,
    repository: claim.repository,
    tag: claim.tag,
    subjects: claim.subjects.map(({ digest, kind, platform }) => ({
      digest: digestToBytes32(digest),
      kind: BigInt(digestKinds.indexOf(kind)),
      platform,
    })),
    issuedAt: BigInt(claim.issuedAt),
    expiresAt: BigInt(claim.expiresAt),
    annotations: claim.annotations,
  };
}

/**
 * The claim that stands in an event or a file. Times beyond 2^53 seconds, which no clock will show, are refused.
 *
 * @throws CLAIM_INVALID when it is not a claim that the contract could have recorded
 */
export function fromClaimStruct(struct: ClaimStruct): ImageClaim {
  const claim: ImageClaim = {
    organisation: toBytes32(struct.organisation),
    repository: struct.repository,
    tag: struct.tag,
    subjects: struct.subjects.map(({ digest, kind, platform }) => {
      const name = digestKinds[Number(kind)];
      if (name === undefined) throw invalid(say("claim-unknown-kind", { kind: String(kind) }));
      return { kind: name, digest: digestFromBytes32(toBytes32(digest)), platform };
    }),
    issuedAt: Number(struct.issuedAt),
    expiresAt: Number(struct.expiresAt),
    annotations: toBytes32(struct.annotations),
  };
  validateClaim(claim);
  return claim;
}

/**
 * Holds a claim against the bounds that the contract sets (contracts/DaoChainRegistry.sol), clocks and revocations aside.
 *
 * @throws CLAIM_INVALID naming the first thing that is wrong
 */
export function validateClaim(claim: ImageClaim): void {
  if (!isBytes32(claim.organisation)) throw invalid(say("claim-organisation-not-hex"));
  if (!isBytes32(claim.annotations)) throw invalid(say("claim-annotations-not-hex"));
  if (claim.repository === "") throw invalid(say("claim-without-repository"));
  requireText("repository", claim.repository, claimLimits.repository);
  requireText("tag", claim.tag, claimLimits.tag);
  requireTime("issuedAt", claim.issuedAt);
  requireTime("expiresAt", claim.expiresAt);
  if (claim.subjects.length === 0) throw invalid(say("claim-without-digest"));
  if (claim.subjects.length > claimLimits.subjects) {
    throw invalid(
      say("claim-too-many-digests", { count: claim.subjects.length, limit: claimLimits.subjects }),
    );
  }
  for (const { kind, digest, platform } of claim.subjects) {
    if (!digestKinds.includes(kind)) throw invalid(say("claim-unknown-kind", { kind: JSON.stringify(kind) }));
    if (!isDigest(digest)) throw invalid(say("claim-digest-not-sha256"));
    if (/^sha256:0+$/.test(digest)) throw invalid(say("claim-digest-zero"));
    requireText("platform", platform, claimLimits.platform);
  }
}

function requireText(field: string, text: string, limit: number): void {
  // A lone surrogate has no UTF-8, so that no two programs would agree on its hash.
  if (typeof text !== "string" || !text.isWellFormed()) throw invalid(say("claim-text-malformed", { field }));
  if (Buffer.byteLength(text) > limit) throw invalid(say("claim-text-too-long", { field, limit }));
}

function requireTime(field: string, seconds: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw invalid(say("claim-time-not-whole", { field }));
}

function isBytes32(text: unknown): text is Bytes32 {
  return typeof text === "string" && /^0x[0-9a-f]{64}$/.test(text);
}

function toBytes32(text: string): Bytes32 {
  const lower = text.toLowerCase();
  if (!isBytes32(lower)) throw invalid(say("claim-not-hex", { text: JSON.stringify(text.slice(0, 80)) }));
  return lower;
}

function invalid(reason: Message): DaoChainError {
  return failure("CLAIM_INVALID", { reason });
}
