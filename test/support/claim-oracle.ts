import { keccak256 } from "./keccak.ts";

/** A claim in plain values; `kind` is the number of the contract's Subject. Integers are decimal so that JSON holds them. */
export interface OracleClaim {
  readonly organisation: string;
  readonly repository: string;
  readonly tag: string;
  readonly subjects: readonly { readonly digest: string; readonly kind: number; readonly platform: string }[];
  readonly issuedAt: string;
  readonly expiresAt: string;
  readonly annotations: string;
}

export interface OracleDomain {
  readonly chainId: string;
  readonly registry: string;
  readonly salt: string;
}

export interface ClaimVector {
  readonly title: string;
  readonly domain: OracleDomain;
  readonly claim: OracleClaim;
  readonly claimId: string;
}

/** `claimHashes` are the claims' struct hashes, by which a claim's place in the batch is proven. */
export interface BatchVector {
  readonly title: string;
  readonly domain: OracleDomain;
  readonly claims: readonly OracleClaim[];
  readonly claimHashes: readonly string[];
  readonly recordId: string;
}

const batchType = "ImageClaimBatch(ImageClaim[] claims)";
const subjectType = "Subject(bytes32 digest,uint8 kind,string platform)";
const claimType =
  "ImageClaim(bytes32 organisation,string repository,string tag,Subject[] subjects,uint64 issuedAt,uint64 expiresAt,bytes32 annotations)";
const domainType =
  "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract,bytes32 salt)";

/** EIP-712 for claims alone, written out by hand: the product's two implementations must agree with it. */
export function oracleClaimId(claim: OracleClaim, domain: OracleDomain): string {
  return digest(structHash(claim), domain);
}

/** The same for claims that are signed at once. */
export function oracleBatchId(claims: readonly OracleClaim[], domain: OracleDomain): string {
  return digest(
    hash(text(batchType + claimType + subjectType), hash(...claims.map((claim) => structHash(claim)))),
    domain,
  );
}

/** A claim's struct hash, as batches are made of. */
export function oracleStructHash(claim: OracleClaim): string {
  return `0x${structHash(claim).toString("hex")}`;
}

function digest(struct: Buffer, domain: OracleDomain): string {
  const separator = hash(
    text(domainType),
    text("DaoChain"),
    text("1"),
    word(BigInt(domain.chainId)),
    word(BigInt(domain.registry)),
    word(BigInt(domain.salt)),
  );
  return `0x${hash(Buffer.from([0x19, 0x01]), separator, struct).toString("hex")}`;
}

function structHash(claim: OracleClaim): Buffer {
  const subjects = claim.subjects.map(({ digest, kind, platform }) =>
    hash(text(subjectType), word(BigInt(digest)), word(BigInt(kind)), text(platform)),
  );
  return hash(
    text(claimType + subjectType),
    word(BigInt(claim.organisation)),
    text(claim.repository),
    text(claim.tag),
    hash(...subjects),
    word(BigInt(claim.issuedAt)),
    word(BigInt(claim.expiresAt)),
    word(BigInt(claim.annotations)),
  );
}

function hash(...parts: Uint8Array[]): Buffer {
  return Buffer.from(keccak256(Buffer.concat(parts)));
}

function text(value: string): Buffer {
  return hash(Buffer.from(value, "utf8"));
}

function word(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, "0"), "hex");
}
