import type { RecordedClaim } from "../chain/registry/claims.ts";
import type { DigestKind } from "../digest/digest.ts";
import type { ImageFacts, ImageName } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "./evidence.ts";
import type { Verdict, VerdictClaim, VerdictStatus } from "./verdict.ts";

/** What one claim is worth at one moment, from worst to best. */
const standings = ["revoked", "untrusted", "pending", "expired", "good"] as const;
type Standing = (typeof standings)[number];

/** The part of a verdict that the rules find. */
interface Finding {
  readonly status: VerdictStatus;
  readonly claim?: ClaimEvidence | undefined;
  readonly reasons: readonly string[];
  readonly warnings?: readonly string[];
}

/**
 * Decides about one image. Pure and synchronous: the same evidence and policy give the same verdict, anywhere.
 * docs/specs/verdict.md states the rules in the order in which they stand here.
 */
export function decide(evidence: Evidence, policy: Policy): Verdict {
  const { facts } = evidence;
  const finding = find(evidence, policy);
  const { claim } = finding;
  return {
    ...aboutImage(facts.image, facts, evidence.now),
    status: finding.status,
    organisation: claim?.organisationName ?? evidence.required?.name ?? null,
    matched: claim === undefined ? null : matchedKind(facts, claim),
    claim: claim === undefined ? null : toVerdictClaim(claim),
    reasons: finding.reasons,
    warnings: finding.warnings ?? [],
    chain: { ...evidence.chain, block: evidence.block.number },
  };
}

/** The verdict about bytes that are not what the image itself says. No claim can change it, so no chain is asked. */
export function decideCorrupt(facts: ImageFacts, now: number): Verdict {
  const reasons = facts.corruptions.map(({ at, detail }) => `${at}: ${detail}`);
  return { ...aboutImage(facts.image, facts, now), status: "corrupt", reasons };
}

/**
 * The verdict where something could not be asked or read.
 * @param facts undefined if it was the image
 */
export function decideInconclusive(
  image: string,
  facts: ImageFacts | undefined,
  reason: string,
  now: number,
): Verdict {
  return { ...aboutImage(image, facts, now), reasons: [reason] };
}

/** What every verdict says of an image before anything is known of claims; the status is then put in its place. */
export function aboutImage(image: string, facts: ImageFacts | undefined, now: number): Verdict {
  return {
    image,
    status: "inconclusive",
    depth: facts?.depth ?? null,
    organisation: null,
    repository: facts?.name?.repository ?? null,
    tag: facts?.name === undefined || facts.name.tag === "" ? null : facts.name.tag,
    subjects: facts?.subjects ?? [],
    matched: null,
    claim: null,
    reasons: [],
    warnings: [],
    checkedAt: toIso(now),
    chain: null,
  };
}

function find(evidence: Evidence, policy: Policy): Finding {
  const { facts, required, head } = evidence;
  const name = facts.name;
  if (facts.corruptions.length > 0) {
    return { status: "corrupt", reasons: facts.corruptions.map(({ at, detail }) => `${at}: ${detail}`) };
  }
  if (facts.subjects.length === 0) {
    return { status: "inconclusive", reasons: ["the image has no digest that a claim could name"] };
  }
  const matching = evidence.claims.filter((claim) => matchedKind(facts, claim) !== null);
  if (evidence.revoked.length > 0) {
    return {
      status: "revoked",
      claim: best(
        matching.filter((claim) => claim.claim.organisation === required?.id),
        evidence,
      ),
      reasons: evidence.revoked.map((digest) => `${required?.name} revoked ${digest}`),
    };
  }
  const eligible = matching.filter((claim) => isEligible(claim, evidence));
  const claim = best(eligible, evidence);
  if (claim !== undefined) return judge(claim, eligible, evidence, policy);

  if (head !== undefined && name !== undefined) {
    return {
      status: "mismatch",
      reasons: [`${required?.name} claims ${nameOf(name)} for ${firstDigest(head)}, not for this image`],
    };
  }
  const foreign = best(matching, evidence);
  if (foreign !== undefined)
    return { status: "untrusted", claim: foreign, reasons: [whyForeign(foreign, evidence)] };
  return {
    status: "unsigned",
    reasons: [
      name === undefined
        ? "no claim names this image's digest"
        : `no claim names this image's digest, and none names ${nameOf(name)}`,
      ...(required === undefined && name?.carried === true
        ? [`nobody owns ${name.repository} in the registry`]
        : []),
    ],
  };
}

/** A claim counts for an image if it is by whom the policy asks for, and about the repository under which the image goes. */
function isEligible({ claim, byOwner }: ClaimEvidence, { facts, required }: Evidence): boolean {
  if (facts.name?.carried === true) {
    return claim.organisation === required?.id && claim.repository === facts.name.repository;
  }
  return required === undefined ? byOwner : claim.organisation === required.id;
}

/** The verdict where an eligible claim exists; `claim` is the best of them. */
function judge(
  claim: ClaimEvidence,
  eligible: readonly ClaimEvidence[],
  evidence: Evidence,
  policy: Policy,
): Finding {
  const standing = standingOf(claim, evidence.now);
  const who = claim.organisationName;
  switch (standing) {
    case "revoked":
      return {
        status: "revoked",
        claim,
        reasons:
          claim.revokedAt === 0
            ? claim.revokedDigests.map((digest) => `${who} revoked ${digest}, which this claim names`)
            : [`${who} revoked this claim at ${toIso(claim.revokedAt)}`],
      };
    case "untrusted":
      return { status: "untrusted", claim, reasons: [`${who} has voided the signer of this claim`] };
    case "pending":
      return {
        status: "pending",
        claim,
        reasons: [`${claim.validApprovals} of ${thresholdOf(claim)} signatures that ${who} asks for`],
      };
    case "expired":
      return { status: "expired", claim, reasons: [`the claim expired at ${toIso(claim.claim.expiresAt)}`] };
    case "good":
      return judgeTag(claim, eligible, evidence, policy);
  }
}

/** A good claim names this image. Whether it is what its tag means today is a second question. */
function judgeTag(
  claim: ClaimEvidence,
  eligible: readonly ClaimEvidence[],
  evidence: Evidence,
  policy: Policy,
): Finding {
  const { facts, head } = evidence;
  const name = facts.name;
  const reasons = [`${claim.organisationName} signed this image as ${nameOf(claim.claim)}`];
  const verified: Finding = { status: "verified", claim, reasons };
  if (name === undefined || name.tag === "" || name.repository !== claim.claim.repository) return verified;
  if (head === undefined) {
    return {
      ...verified,
      warnings: [`it was signed as ${nameOf(claim.claim)}; the tag ${name.tag} was never claimed`],
    };
  }
  if (matchedKind(facts, head) !== null) return verified;
  const moved = `${nameOf(name)} is now ${firstDigest(head)}, signed at ${toIso(head.claim.issuedAt)}`;
  if (!eligible.some((other) => other.claim.tag === name.tag && standingOf(other, evidence.now) === "good")) {
    return {
      status: "mismatch",
      claim,
      reasons: [moved, `this image was signed as ${nameOf(claim.claim)} only`],
    };
  }
  if (policy.newest) return { status: "superseded", claim, reasons: [moved] };
  return { ...verified, warnings: [`the tag has moved on: ${moved}`] };
}

/** Good before anything else; otherwise a revocation weighs most, and of equals the newest is the one to talk about. */
function best(claims: readonly ClaimEvidence[], { facts, now }: Evidence): ClaimEvidence | undefined {
  const rank = (claim: ClaimEvidence): number => {
    const standing = standingOf(claim, now);
    return standing === "good" ? -1 : standings.indexOf(standing);
  };
  const sameTag = (claim: ClaimEvidence): number => (claim.claim.tag === facts.name?.tag ? 0 : 1);
  return [...claims].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      sameTag(a) - sameTag(b) ||
      b.claim.issuedAt - a.claim.issuedAt ||
      b.block - a.block,
  )[0];
}

function standingOf(claim: RecordedClaim, now: number): Standing {
  if (claim.revokedAt !== 0 || claim.revokedDigests.length > 0) return "revoked";
  if (claim.validApprovals === 0) return "untrusted";
  if (claim.threshold === 0 || claim.validApprovals < claim.threshold) return "pending";
  if (claim.claim.expiresAt !== 0 && claim.claim.expiresAt <= now) return "expired";
  return "good";
}

/** The first of the image's kinds by which the claim names it. */
function matchedKind(facts: ImageFacts, { claim }: RecordedClaim): DigestKind | null {
  const match = facts.subjects.find(({ kind, digest }) =>
    claim.subjects.some((subject) => subject.kind === kind && subject.digest === digest),
  );
  return match?.kind ?? null;
}

function whyForeign({ claim, organisationName }: ClaimEvidence, { facts, required }: Evidence): string {
  const name = facts.name;
  if (required !== undefined && claim.organisation === required.id && name !== undefined) {
    return `${organisationName} signed this image as ${nameOf(claim)}, never as ${name.repository}`;
  }
  const wanted =
    required === undefined ? "whose namespaces do not hold it" : `not by ${required.name}, whose word counts`;
  return `the image is claimed by ${organisationName} as ${nameOf(claim)}, ${wanted}`;
}

function toVerdictClaim(evidence: ClaimEvidence): VerdictClaim {
  const { claim } = evidence;
  return {
    id: evidence.id,
    signers: evidence.signers,
    threshold: thresholdOf(evidence),
    signedAt: toIso(claim.issuedAt),
    expiresAt: claim.expiresAt === 0 ? null : toIso(claim.expiresAt),
    block: evidence.block,
    transaction: evidence.transaction,
    annotations: evidence.annotations,
  };
}

function thresholdOf(claim: ClaimEvidence): number {
  return claim.threshold === 0 ? claim.organisationThreshold : claim.threshold;
}

function firstDigest({ claim }: RecordedClaim): string {
  return claim.subjects[0]?.digest ?? "nothing";
}

function nameOf({ repository, tag }: Pick<ImageName, "repository" | "tag">): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}

function toIso(seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? "the end of time" : date.toISOString().replace(".000Z", "Z");
}
