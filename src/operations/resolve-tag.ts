import { findClaim, type RecordedClaim, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { readHistory } from "../contract/history.ts";
import { requireOrganisation } from "../contract/organisations.ts";
import type { ImageFacts, Subject } from "../image/image.ts";
import { formatNamedReference, type NamedReference } from "../image/reference.ts";
import { say } from "../messages/message.ts";
import type { Policy } from "../policy/policy.ts";
import { gatherEvidence } from "../verdict/chain-evidence.ts";
import { aboutImage, decide } from "../verdict/decide.ts";
import type { Evidence } from "../verdict/evidence.ts";
import type { Verdict } from "../verdict/verdict.ts";

/** Claims of a tag that are looked at where none has counted. */
const maxWaiting = 20;

/** What the chain says of a name, before any image is looked at. */
export interface ResolvedTag {
  /** `verified` where an image that is what is claimed may be fetched; nothing has been looked at yet */
  readonly verdict: Verdict;
  /** the identities that the image may have; empty where the verdict is another */
  readonly subjects: readonly Subject[];
}

/**
 * What a reference stands for by its owner's word: of a tag, the image that its newest claim names; of a digest, itself, if it is claimed.
 * @param image as the caller typed it
 * @throws as `gatherEvidence`
 */
export async function resolveTag(
  connection: Connection,
  image: string,
  named: NamedReference,
  policy: Policy,
): Promise<ResolvedTag> {
  const { digest } = named;
  if (digest !== undefined) {
    // Whether it is an index's or a manifest's, the claim knows.
    const either = [
      { kind: "index", digest, platform: "" },
      { kind: "manifest", digest, platform: "" },
    ] as const;
    const evidence = await gatherEvidence(connection, expected(image, named, either), policy);
    const verdict = withoutDepth(decide(evidence, policy));
    const claim = evidence.claims.find(({ id }) => id === verdict.claim?.id);
    const isNamed = (subject: Subject) => subject.digest === digest;
    return {
      verdict,
      subjects: verdict.status === "verified" ? (claim?.claim.subjects ?? []).filter(isNamed) : [],
    };
  }
  const asked = await gatherEvidence(connection, expected(image, named, []), policy);
  const newest = asked.head ?? (await findWaiting(connection, named, asked));
  if (newest === undefined) return { verdict: unclaimed(image, named, asked), subjects: [] };
  const { subjects } = newest.claim;
  const verdict = withoutDepth(
    decide(await gatherEvidence(connection, expected(image, named, subjects), policy), policy),
  );
  return { verdict, subjects: verdict.status === "verified" ? subjects : [] };
}

/** An image as it would be if it had these identities. */
function expected(image: string, named: NamedReference, subjects: readonly Subject[]): ImageFacts {
  return {
    image,
    transport: "docker",
    name: { repository: named.repository, tag: named.tag, carried: true },
    depth: "id",
    layers: "unread",
    subjects,
    corruptions: [],
    notes: [],
    bytes: 0,
  };
}

function withoutDepth(verdict: Verdict): Verdict {
  return { ...verdict, depth: null };
}

/** The tag's newest claim of those that have not counted yet. */
async function findWaiting(
  connection: Connection,
  { repository, tag }: NamedReference,
  { required, block }: Evidence,
): Promise<RecordedClaim | undefined> {
  if (required === undefined) return undefined;
  const organisation = await requireOrganisation(connection, required.name);
  const entries = await readHistory(connection, organisation, { repository, tag }, maxWaiting);
  for (const { act, claim } of entries) {
    if (act !== "claimed" || claim === null) continue;
    const key = await findClaim(connection, organisation.id, claim as `0x${string}`, block);
    if (key === undefined) continue;
    const query = { organisation: organisation.id, keys: [key], digests: [], repository: "", tag: "" };
    const [found] = (await readClaims(connection, query, block)).claims;
    if (found !== undefined) return found;
  }
  return undefined;
}

function unclaimed(
  image: string,
  named: NamedReference,
  { required, chain, block, facts, now }: Evidence,
): Verdict {
  const name = formatNamedReference(named);
  const reasons =
    required === undefined
      ? [say("nobodys-name", { repository: named.repository, name })]
      : [say("owner-never-claimed", { organisation: required.name, name })];
  return {
    ...aboutImage(image, facts, now),
    status: "unsigned",
    depth: null,
    organisation: required?.name ?? null,
    reasons,
    chain: { ...chain, block: block.number },
  };
}
