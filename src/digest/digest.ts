import { failure } from "../errors.ts";

/** A SHA-256 digest as OCI writes it: `sha256:` and 64 lowercase hex digits (OCI image-spec 1.1, descriptor.md, "Digests"). */
export type Digest = `sha256:${string}`;

/** What a digest is of. Digests of different kinds are never compared. The order is the number in a claim's Subject. */
export const digestKinds = ["config", "manifest", "index", "runtime"] as const;
/** One of `digestKinds`. */
export type DigestKind = (typeof digestKinds)[number];

const pattern = /^sha256:[0-9a-f]{64}$/;

/** Whether something is a SHA-256 digest as OCI writes it. @param text anything; what is no string is none */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && pattern.test(text);
}

/**
 * @param text `sha256:` and 64 lowercase hex digits
 * @throws DIGEST_INVALID for anything else, other algorithms included
 */
export function toDigest(text: string): Digest {
  if (isDigest(text)) return text;
  throw failure("DIGEST_INVALID", { digest: JSON.stringify(text.slice(0, 100)) });
}

/** The digest's 32 bytes as the contract takes them, `0x` and 64 hex digits. */
export function digestToBytes32(digest: Digest): `0x${string}` {
  return `0x${digest.slice(7)}`;
}

/** The digest that stands as 32 bytes in the contract's answer. */
export function digestFromBytes32(bytes32: string): Digest {
  return toDigest(`sha256:${bytes32.slice(2).toLowerCase()}`);
}
