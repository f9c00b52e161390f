import type { RegistrySnapshot, SnapshotClaim, SnapshotKey } from "../catalogue/snapshot.ts";
import type { NetworkProfile } from "../contract/connection.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "../verdict/evidence.ts";
import { gatherAtOnce, type RegistryView } from "../verdict/gather.ts";

/**
 * The evidence about an image that `gatherEvidence` would bring from the chain as of the snapshot's block, without asking the chain.
 * @param now this machine's clock, in seconds since 1970
 * @throws ORGANISATION_NOT_FOUND where the policy names one that is not there; TOO_MANY_CLAIMS, CHAIN_REFUSED
 */
export function gatherLocally(
  snapshot: RegistrySnapshot,
  profile: NetworkProfile,
  facts: ImageFacts,
  policy: Policy,
  now: number,
): Evidence {
  return gatherAtOnce(viewOf(snapshot, profile), facts, policy, now);
}

/** The registry as an index has it. */
function viewOf(
  snapshot: RegistrySnapshot,
  { chainId, registry }: NetworkProfile,
): RegistryView<SnapshotKey> {
  const { block, time } = snapshot.position;
  return {
    chain: { id: chainId, registry },
    block: { number: block, time },
    ownerOf: (repository) => snapshot.ownerOf(repository),
    organisation: (id) => snapshot.organisation(id),
    organisations: () => snapshot.organisations().map(({ id }) => id),
    naming: (digests, organisation) => snapshot.naming(digests, organisation),
    read: ({ organisation, keys, digests, repository, tag }) => ({
      head: snapshot.head(organisation, repository, tag),
      claims: snapshot.claims(keys).map(toEvidence),
      revoked: snapshot.revoked(organisation, digests),
    }),
  };
}

function toEvidence({ row, by, isHead, ...claim }: SnapshotClaim): ClaimEvidence {
  return { ...claim, organisationName: by.name, organisationThreshold: by.threshold };
}
