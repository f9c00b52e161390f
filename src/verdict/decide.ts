import type { DigestKind } from "../digest/digest.ts";
import type { ImageFacts, ImageName, Subject } from "../image/image.ts";
import { tellListed, unseenImages } from "../image/oci/listed.ts";
import { type Message, say } from "../messages/message.ts";
import type { Policy } from "../policy/policy.ts";
import { runtimeContradiction } from "./depth.ts";
import type { ClaimEvidence, ClaimState, Evidence } from "./evidence.ts";
import { toIso, type Verdict, type VerdictClaim, type VerdictStatus } from "./verdict.ts";

/** What one claim is worth at one moment, from worst to best. */
const standings = ["revoked", "untrusted", "pending", "expired", "good"] as const;
type Standing = (typeof standings)[number];

/** Evidence with the age beyond which a claim of it is expired. */
type Judged = Evidence & Pick<Policy, "maxAge">;

/** The part of a verdict that the rules find. */
interface Finding {
  readonly status: VerdictStatus;
  readonly claim?: ClaimEvidence | undefined;
  readonly reasons: readonly Message[];
  readonly warnings?: readonly Message[];
}

/**
 * Decides about one image. Pure and synchronous: the same evidence and policy give the same verdict, anywhere.
 * docs/specs/verdict.md states the rules in the order in which they stand here.
 * @param evidence what was gathered of the image; of an organisation that it says nothing of, the verdict is `inconclusive`
 * @param policy whose claims count, and how new they must be
 */
export function decide(evidence: Evidence, policy: Policy): Verdict {
  const { facts } = evidence;
  const finding = findWhole({ ...evidence, maxAge: policy.maxAge }, policy);
  const { claim } = finding;
  return {
    ...aboutImage(facts.image, facts, evidence.now),
    status: finding.status,
    organisation: claim?.organisationName ?? evidence.required?.name ?? null,
    matched: claim === undefined ? null : matchedKind(facts, claim),
    claim: claim === undefined ? null : toVerdictClaim(claim),
    reasons: finding.reasons,
    warnings: [...(finding.warnings ?? []), ...facts.notes],
    chain: { ...evidence.chain, block: evidence.block.number },
  };
}

/** The verdict about bytes that are not what the image itself says. No claim can change it, so no chain is asked. */
export function decideCorrupt(facts: ImageFacts, now: number): Verdict {
  return { ...aboutImage(facts.image, facts, now), status: "corrupt", reasons: corruptionsOf(facts) };
}

/**
 * The verdict where something could not be asked or read.
 * @param facts undefined if it was the image
 */
export function decideInconclusive(
  image: string,
  facts: ImageFacts | undefined,
  reason: Message,
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
    warnings: facts === undefined ? [] : facts.notes,
    checkedAt: toIso(now),
    chain: null,
  };
}

/**
 * An index of which some image was not looked at is verified by its own digest alone. Where only a claim of those that were looked at would
 * verify it, the others make the difference, and nothing is known of them.
 */
function findWhole(evidence: Judged, policy: Policy): Finding {
  const { facts } = evidence;
  const finding = find(evidence, policy);
  const unseen = unseenImages(facts);
  if (unseen.length === 0) return finding;
  const which = tellListed(unseen.map((image) => ({ ...image, why: image.unseen })));
  if (finding.status === "verified") {
    const warning = say("index-not-all-seen", { images: which });
    return { ...finding, warnings: [...(finding.warnings ?? []), warning] };
  }
  const seen = facts.listed?.filter((image) => !unseen.includes(image)) ?? [];
  const supposed = find({ ...evidence, facts: { ...facts, listed: seen } }, policy);
  if (supposed.status !== "verified") return supposed;
  const organisation = supposed.claim?.organisationName ?? "";
  return { status: "inconclusive", reasons: [say("index-seen-signed", { organisation, images: which })] };
}

function corruptionsOf({ corruptions }: ImageFacts): Message[] {
  return corruptions.map(({ at, detail }) => say("corrupt-at", { at, detail }));
}

function find(evidence: Judged, policy: Policy): Finding {
  const { facts, required, head } = evidence;
  const name = facts.name;
  if (facts.corruptions.length > 0) {
    return { status: "corrupt", reasons: corruptionsOf(facts) };
  }
  if (facts.subjects.length === 0) {
    return { status: "inconclusive", reasons: [say("no-digest")] };
  }
  if (policy.organisation !== undefined && policy.organisation !== required?.name) {
    return {
      status: "inconclusive",
      reasons: [say("organisation-not-gathered", { organisation: policy.organisation })],
    };
  }
  const matching = evidence.claims.filter((claim) => matchedKind(facts, claim) !== null);
  const named = matching.filter((claim) => isEligible(claim, evidence, policy));
  const eligible = named.filter((claim) => runtimeContradiction(facts, claim) === undefined);
  const altered = findAltered(named, eligible, evidence);
  if (altered !== undefined) return altered;
  const claim = best(eligible, evidence);
  const isGood = claim !== undefined && standingOf(claim, evidence) === "good";
  // Who owns a name that was only made from a file's has no say over others' good claims.
  if (evidence.revoked.length > 0 && (isNamed(evidence, policy) || !isGood)) {
    return {
      status: "revoked",
      claim: best(
        matching.filter((other) => other.claim.organisation === required?.id),
        evidence,
      ),
      reasons: evidence.revoked.map((digest) =>
        say("digest-revoked", { organisation: required?.name ?? "", digest }),
      ),
    };
  }
  if (claim !== undefined) return judge(claim, eligible, evidence, policy);

  const inPart = matching.length < evidence.claims.length ? [say("claimed-in-part")] : [];
  if (head !== undefined && name !== undefined) {
    return {
      status: "mismatch",
      reasons: [
        say("name-of-another", {
          organisation: required?.name ?? "",
          name: nameOf(name),
          digest: firstDigest(head),
        }),
        ...inPart,
      ],
    };
  }
  const foreign = best(matching, evidence);
  if (foreign !== undefined)
    return { status: "untrusted", claim: foreign, reasons: [whyForeign(foreign, evidence)] };
  return {
    status: "unsigned",
    reasons: [
      name === undefined ? say("not-claimed") : say("neither-claimed", { name: nameOf(name) }),
      ...inPart,
      ...(required === undefined && name?.carried === true
        ? [say("no-owner", { repository: name.repository })]
        : []),
    ],
  };
}

/**
 * The image's digest is claimed, but what a container of it would run is not what was claimed: its files were altered where they lie.
 * A good claim that agrees with the files settles it the other way.
 */
function findAltered(
  named: readonly ClaimEvidence[],
  agreeing: readonly ClaimEvidence[],
  evidence: Judged,
): Finding | undefined {
  const claim = best(named, evidence);
  const isSettled = agreeing.some((other) => standingOf(other, evidence) === "good");
  if (claim === undefined || isSettled || agreeing.includes(claim)) return undefined;
  const contradiction = runtimeContradiction(evidence.facts, claim);
  if (contradiction === undefined) return undefined;
  const { found, claimed } = contradiction;
  return {
    status: "corrupt",
    claim,
    reasons: [
      say("runtime-differs", {
        organisation: claim.organisationName,
        found: found.digest,
        claimed: claimed.digest,
      }),
    ],
  };
}

/** Whether one organisation is asked for: by the image's own name or by the policy, not by a name made from a file's. */
function isNamed({ facts }: Evidence, policy: Policy): boolean {
  return facts.name?.carried === true || policy.organisation !== undefined;
}

/** A claim counts for an image if it is by whom the policy asks for, and about the repository under which the image goes. */
function isEligible({ claim, byOwner }: ClaimEvidence, evidence: Judged, policy: Policy): boolean {
  if (!isNamed(evidence, policy)) return byOwner;
  const { name } = evidence.facts;
  if (claim.organisation !== evidence.required?.id) return false;
  return name?.carried !== true || claim.repository === name.repository;
}

/** The verdict where an eligible claim exists; `claim` is the best of them. */
function judge(
  claim: ClaimEvidence,
  eligible: readonly ClaimEvidence[],
  evidence: Judged,
  policy: Policy,
): Finding {
  const organisation = claim.organisationName;
  switch (standingOf(claim, evidence)) {
    case "revoked":
      return {
        status: "revoked",
        claim,
        reasons:
          claim.revokedAt === 0
            ? claim.revokedDigests.map((digest) => say("claimed-digest-revoked", { organisation, digest }))
            : [say("claim-revoked", { organisation, time: toIso(claim.revokedAt) })],
      };
    case "untrusted":
      return { status: "untrusted", claim, reasons: [say("signer-voided", { organisation })] };
    case "pending":
      return {
        status: "pending",
        claim,
        reasons: [
          say("signatures-missing", {
            count: claim.validApprovals,
            threshold: thresholdOf(claim),
            organisation,
          }),
        ],
      };
    case "expired":
      return { status: "expired", claim, reasons: [whyExpired(claim, evidence)] };
    case "good": {
      const finding = judgeTag(claim, eligible, evidence, policy);
      if (finding.status === "verified") return finding;
      // What a tag means is a question about a name; one that was only made from a file's takes nothing from claims of others.
      const elsewhere = best(
        eligible.filter((other) => isElsewhere(other, evidence)),
        evidence,
      );
      return elsewhere === undefined ? finding : judgeTag(elsewhere, eligible, evidence, policy);
    }
  }
}

/** A good claim about another repository than that of a name which the image does not carry. */
function isElsewhere(claim: ClaimEvidence, evidence: Judged): boolean {
  const { name } = evidence.facts;
  return (
    name?.carried === false &&
    claim.claim.repository !== name.repository &&
    standingOf(claim, evidence) === "good"
  );
}

/** A good claim names this image. Whether it is what its tag means today is a second question. */
function judgeTag(
  claim: ClaimEvidence,
  eligible: readonly ClaimEvidence[],
  evidence: Judged,
  policy: Policy,
): Finding {
  const { facts, head } = evidence;
  const name = facts.name;
  const signed = nameOf(claim.claim);
  const reasons = [say("signed-as", { organisation: claim.organisationName, name: signed })];
  const warnings = doubts(claim, eligible, facts);
  const verified: Finding = { status: "verified", claim, reasons, warnings };
  if (name === undefined || name.tag === "" || name.repository !== claim.claim.repository) return verified;
  // best() prefers the tag asked for: where this claim is of another, no good one names the image under this.
  const isOfTag = claim.claim.tag === name.tag;
  const only = say("signed-only-as", { name: signed });
  if (head === undefined) {
    // What a tag never meant, it does not mean now; and of several names, most are ones that nobody asked for by typing them.
    if (policy.newest || (facts.otherNames ?? []).length > 0)
      return { status: "unsigned", claim, reasons: [say("never-claimed", { name: nameOf(name) }), only] };
    const never = say("never-claimed-but", { name: nameOf(name), other: signed });
    return { ...verified, warnings: [never, ...warnings] };
  }
  const standing = standingOf(head, evidence);
  if (matchedKind(facts, head) !== null && runtimeContradiction(facts, head) === undefined) {
    if (isOfTag || standing === "good") return verified;
    // The organisation's last word on this tag has fallen; its word on another does not take the place.
    const fallen = eligible.find(({ id }) => id === head.id);
    if (fallen !== undefined) return judge(fallen, eligible, evidence, policy);
    return {
      status: "inconclusive",
      reasons: [say("head-not-gathered", { claim: head.id, name: nameOf(name) })],
    };
  }
  const newest = { name: nameOf(name), digest: firstDigest(head), time: toIso(head.claim.issuedAt) };
  const moved = standing === "good" ? say("tag-is", newest) : say("tag-is-fallen", { ...newest, standing });
  if (!isOfTag) return { status: "mismatch", claim, reasons: [moved, only] };
  if (policy.newest) return { status: "superseded", claim, reasons: [moved] };
  return { ...verified, warnings: [say("tag-moved-on", { moved }), ...warnings] };
}

/** What a person should know of an image although it is verified. */
function doubts(claim: ClaimEvidence, eligible: readonly ClaimEvidence[], facts: ImageFacts): Message[] {
  const revokers = eligible
    .filter((other) => other.revokedDigests.length > 0)
    .map(({ organisationName }) => organisationName);
  const isUnread = facts.depth === "id" || facts.depth === "manifest";
  const hasManifest = facts.subjects.some(({ kind }) => kind === "manifest");
  return [
    ...[...new Set(revokers)].sort().map((organisation) => say("another-revoked", { organisation })),
    ...(isUnread && hasManifest && matchedKind(facts, claim) === "config" ? [say("layers-unread")] : []),
  ];
}

/** Good before anything else; otherwise a revocation weighs most, and of equals the newest is the one to talk about. */
function best(claims: readonly ClaimEvidence[], evidence: Judged): ClaimEvidence | undefined {
  const { facts } = evidence;
  const rank = (claim: ClaimEvidence): number => {
    const standing = standingOf(claim, evidence);
    return standing === "good" ? -1 : standings.indexOf(standing);
  };
  const sameTag = ({ claim }: ClaimEvidence): number =>
    claim.repository === facts.name?.repository && claim.tag === facts.name.tag ? 0 : 1;
  return [...claims].sort(
    (a, b) =>
      rank(a) - rank(b) ||
      sameTag(a) - sameTag(b) ||
      b.claim.issuedAt - a.claim.issuedAt ||
      b.block - a.block ||
      (a.id < b.id ? -1 : 1),
  )[0];
}

function standingOf(claim: ClaimState, { now, maxAge }: Judged): Standing {
  if (claim.revokedAt !== 0 || claim.revokedDigests.length > 0) return "revoked";
  if (claim.validApprovals === 0) return "untrusted";
  if (claim.threshold === 0 || claim.validApprovals < claim.threshold) return "pending";
  const { issuedAt, expiresAt } = claim.claim;
  if (expiresAt !== 0 && expiresAt <= now) return "expired";
  if (maxAge !== undefined && issuedAt + maxAge <= now) return "expired";
  return "good";
}

function whyExpired({ claim }: ClaimState, { now, maxAge = 0 }: Judged): Message {
  if (claim.expiresAt !== 0 && claim.expiresAt <= now)
    return say("claim-expired", { time: toIso(claim.expiresAt) });
  return say("claim-too-old", { time: toIso(claim.issuedAt), seconds: maxAge });
}

/**
 * The first of the image's kinds by which the claim names it: all of it, since an engine takes of an index what it likes. An index is named
 * by its own digest, or where each image that it lists has a digest of the kind and the claim names all of those. One would not do: an
 * index put together of a claimed image for one platform and another's for the next is not what anybody claimed.
 */
function matchedKind(facts: ImageFacts, { claim }: ClaimState): DigestKind | null {
  const isNamed = (wanted: Subject): boolean =>
    claim.subjects.some(({ kind, digest }) => kind === wanted.kind && digest === wanted.digest);
  const images = facts.listed
    ?.filter(({ isElsewhere }) => isElsewhere !== true)
    .map(({ subjects }) => subjects) ?? [facts.subjects];
  // An index that lists another comes before it, and its digest is of both.
  const root = facts.listed && facts.subjects.find(({ kind }) => kind === "index");
  const isMatch = (kind: DigestKind): boolean => {
    if (kind === "index" && root !== undefined) return isNamed(root);
    const covers = (subjects: readonly Subject[]): boolean => {
      const own = subjects.filter((subject) => subject.kind === kind);
      return own.length > 0 && own.every(isNamed);
    };
    return images.length > 0 && images.every(covers);
  };
  const kinds = new Set(facts.subjects.map(({ kind }) => kind));
  return [...kinds].find(isMatch) ?? null;
}

function whyForeign({ claim, organisationName }: ClaimEvidence, { facts, required }: Evidence): Message {
  const [organisation, name] = [organisationName, nameOf(claim)];
  const own = facts.name;
  if (required !== undefined && claim.organisation === required.id && own !== undefined)
    return say("signed-as-another", { organisation, name, repository: own.repository });
  return required === undefined
    ? say("claimed-by-stranger", { organisation, name })
    : say("claimed-by-another", { organisation, name, required: required.name });
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

function firstDigest({ claim }: ClaimState): string {
  return claim.subjects[0]?.digest ?? "nothing";
}

function nameOf({ repository, tag }: Pick<ImageName, "repository" | "tag">): string {
  return tag === "" ? repository : `${repository}:${tag}`;
}
