import { organisationId } from "../../src/claim/claim.ts";
import type { Digest, DigestKind } from "../../src/digest/digest.ts";
import type { ImageFacts, ImageName, Subject } from "../../src/image/image.ts";
import { type Message, say } from "../../src/messages/message.ts";
import type { ClaimEvidence, Evidence } from "../../src/verdict/evidence.ts";

/** The moment at which everything here is decided, in seconds since 1970. */
export const now = 1_800_000_000;
export const registry = "0x5FbDB2315678afecb367f032d93F642f64180aa3";

/** The digest of nothing in particular, another for each number. */
export function digest(number: number): Digest {
  return `sha256:${number.toString(16).padStart(64, "0")}`;
}

/** A reason or a warning in these words. */
export function words(text: string): Message {
  return say("failure", { error: text });
}

export function subject(kind: DigestKind, number: number, platform = "linux/amd64"): Subject {
  return { kind, digest: digest(number), platform: kind === "index" ? "" : platform };
}

export const apiName: ImageName = { repository: "docker.io/acme/api", tag: "1.0", carried: true };

/** An image named docker.io/acme/api:1.0 whose config's digest is 1, read to its last byte. */
export function facts(more: Partial<ImageFacts> = {}): ImageFacts {
  return {
    image: "acme/api:1.0",
    transport: "docker-daemon",
    name: apiName,
    depth: "content",
    layers: "config",
    notes: [],
    subjects: [subject("config", 1)],
    corruptions: [],
    bytes: 1000,
    ...more,
  };
}

/** What a test says of a claim; the rest is that of a good one, by acme, of docker.io/acme/api:1.0, for the config 1. */
export interface ClaimParts {
  readonly number?: number;
  readonly by?: string;
  readonly repository?: string;
  readonly tag?: string;
  readonly subjects?: readonly Subject[];
  readonly issuedAt?: number;
  readonly expiresAt?: number;
  readonly threshold?: number;
  readonly validApprovals?: number;
  readonly organisationThreshold?: number;
  readonly revokedAt?: number;
  readonly revokedDigests?: readonly Digest[];
  readonly byOwner?: boolean;
  readonly annotations?: Readonly<Record<string, string>>;
}

export function claim(parts: ClaimParts = {}): ClaimEvidence {
  const { number = 1, by = "acme", issuedAt = now - 1000 } = parts;
  return {
    id: `0x${number.toString(16).padStart(64, "c")}`,
    record: `0x${number.toString(16).padStart(64, "c")}`,
    claim: {
      organisation: organisationId(by),
      repository: parts.repository ?? "docker.io/acme/api",
      tag: parts.tag ?? "1.0",
      subjects: parts.subjects ?? [subject("config", 1)],
      issuedAt,
      expiresAt: parts.expiresAt ?? 0,
    },
    annotations: parts.annotations ?? {},
    block: 10 + number,
    transaction: `0x${"7".repeat(64)}`,
    signers: ["0x7E5F4552091A69125d5DfCb7b8C2659029395Bdf"],
    validApprovals: parts.validApprovals ?? 1,
    threshold: parts.threshold ?? 1,
    revokedAt: parts.revokedAt ?? 0,
    revokedDigests: parts.revokedDigests ?? [],
    organisationName: by,
    organisationThreshold: parts.organisationThreshold ?? 1,
    byOwner: parts.byOwner ?? by === "acme",
  };
}

export const acme = { id: organisationId("acme"), name: "acme" };

/** Evidence of the image above, of which acme's word is asked for and which nobody has claimed. */
export function evidence(more: Partial<Evidence> = {}): Evidence {
  return {
    facts: facts(),
    now,
    chain: { id: 2016, registry },
    block: { number: 15, time: now },
    required: acme,
    head: undefined,
    claims: [],
    revoked: [],
    ...more,
  };
}

/** Evidence with one claim, which is also its tag's newest. */
export function evidenceOf(only: ClaimEvidence, more: Partial<Evidence> = {}): Evidence {
  return evidence({ claims: [only], head: only, ...more });
}
