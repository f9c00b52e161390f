import type { RegistrySnapshot, SnapshotClaim, SnapshotKey } from "../catalogue/snapshot.ts";
import { organisationId } from "../claim/claim.ts";
import type { NetworkProfile } from "../contract/connection.ts";
import type { Digest } from "../digest/digest.ts";
import { DaoChainError, isDaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "../verdict/evidence.ts";

/** Claims of one organisation that are looked at where there are too many to look at all, as `gatherEvidence` has it. */
const claimsOfEach = 20;

/**
 * The evidence about an image that `gatherEvidence` would bring from the chain as of the snapshot's block, without asking the chain.
 * @param now this machine's clock, in seconds since 1970
 * @throws ORGANISATION_NOT_FOUND where the policy names one that is not there; LIMIT_EXCEEDED, CHAIN_FAILED
 */
export function gatherLocally(
  snapshot: RegistrySnapshot,
  { chainId, registry }: NetworkProfile,
  facts: ImageFacts,
  policy: Policy,
  now: number,
): Evidence {
  const { position } = snapshot;
  const digests = facts.subjects.map(({ digest }) => digest);
  const requiredId =
    policy.organisation !== undefined
      ? organisationId(policy.organisation)
      : facts.name && snapshot.ownerOf(facts.name.repository);
  const isScoped = facts.name?.carried === true || policy.organisation !== undefined;
  const required = requiredId && snapshot.organisation(requiredId);
  if (required === undefined && policy.organisation !== undefined) {
    throw new DaoChainError(
      "ORGANISATION_NOT_FOUND",
      `The registry knows no organisation named ${JSON.stringify(policy.organisation)}.`,
      { hint: "daochain org list shows those that it knows." },
    );
  }
  let keys = required !== undefined && isScoped ? snapshot.naming(digests, required.id) : [];
  if (keys.length === 0) keys = findEveryones(snapshot, digests);
  return {
    facts,
    now: Math.max(now, position.time),
    chain: { id: chainId, registry },
    block: { number: position.block, time: position.time },
    required: required === undefined ? undefined : { id: required.id, name: required.name },
    head: required && facts.name && snapshot.head(required.id, facts.name.repository, facts.name.tag),
    claims: snapshot.claims(grouped(keys, required?.id)).map(toEvidence),
    revoked: required === undefined ? [] : snapshot.revoked(required.id, digests),
  };
}

/** Everyone's claims. Where somebody floods the registry with them, only the newest few of each organisation. */
function findEveryones(snapshot: RegistrySnapshot, digests: readonly Digest[]): SnapshotKey[] {
  const unlessTooMany = (find: () => SnapshotKey[]): SnapshotKey[] | undefined => {
    try {
      return find();
    } catch (error) {
      if (isDaoChainError(error, "TOO_MANY_CLAIMS")) return undefined;
      throw error;
    }
  };
  const all = unlessTooMany(() => snapshot.naming(digests));
  if (all !== undefined) return all;
  return snapshot
    .organisations()
    .flatMap(({ id }) => (unlessTooMany(() => snapshot.naming(digests, id)) ?? []).slice(-claimsOfEach));
}

/** One organisation's claims after the other's, and those of the one required first, as `gatherEvidence` asks for them. */
function grouped(keys: readonly SnapshotKey[], required: string | undefined): SnapshotKey[] {
  const own = keys.filter(({ organisation }) => organisation === required);
  const others = keys.filter(({ organisation }) => organisation !== required);
  return [...own, ...[...Map.groupBy(others, ({ organisation }) => organisation).values()].flat()];
}

function toEvidence({ row, by, isHead, ...claim }: SnapshotClaim): ClaimEvidence {
  return { ...claim, organisationName: by.name, organisationThreshold: by.threshold };
}
