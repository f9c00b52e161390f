import { organisationId } from "../claim/claim.ts";
import { type ClaimKey, type ClaimQuery, findClaims, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { type BlockReference, readBlock, requireState } from "../contract/contract.ts";
import {
  listOrganisations,
  type Organisation,
  readOrganisation,
  readOwner,
} from "../contract/organisations.ts";
import type { Digest } from "../digest/digest.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "./evidence.ts";
import { gatherFrom, type RegistryView } from "./gather.ts";

type Hex = `0x${string}`;

/**
 * Asks the chain everything that a decision about an image needs, all as of one block.
 * @param at the block; undefined for the newest. A past one is judged by the time that it had.
 * @throws ORGANISATION_NOT_FOUND where the policy names one that is not there; TOO_MANY_CLAIMS, CHAIN_REFUSED,
 *   CHAIN_UNREACHABLE, CANCELLED
 */
export async function gatherEvidence(
  connection: Connection,
  facts: ImageFacts,
  policy: Policy,
  at?: BlockReference,
): Promise<Evidence> {
  const moment = at === undefined ? await newestMoment(connection) : await pastMoment(connection, at);
  return gatherAsOf(connection, facts, policy, moment);
}

/** A block to ask the chain at, and the time by which claims are judged then; undefined: this machine's clock's. */
export interface ChainMoment {
  readonly block: BlockReference;
  readonly now?: number | undefined;
}

/** @throws CHAIN_REFUSED, CHAIN_UNREACHABLE, CANCELLED */
export async function newestMoment({ rpc }: Connection): Promise<ChainMoment> {
  return { block: await readBlock(rpc) };
}

/** @throws CHAIN_REFUSED where the endpoint does not have that block's state, CHAIN_UNREACHABLE, CANCELLED */
export async function pastMoment(connection: Connection, block: BlockReference): Promise<ChainMoment> {
  await requireState(connection, block);
  return { block, now: block.time };
}

/**
 * Asks the same as of a moment that the caller has just asked the chain for.
 * @throws as `gatherEvidence`
 */
export function gatherAsOf(
  connection: Connection,
  facts: ImageFacts,
  policy: Policy,
  { block, now = Math.floor(Date.now() / 1000) }: ChainMoment,
): Promise<Evidence> {
  return gatherFrom(new ChainView(connection, block), facts, policy, now);
}

/** The registry as the chain has it. Several claims of an image mostly share their organisation and repository: each is asked for once. */
class ChainView implements RegistryView {
  readonly block: BlockReference;
  readonly #connection: Connection;
  readonly #organisations = new Map<Hex, Promise<Organisation | undefined>>();
  readonly #owners = new Map<string, Promise<Hex | undefined>>();

  constructor(connection: Connection, block: BlockReference) {
    this.#connection = connection;
    this.block = block;
  }

  get chain(): Evidence["chain"] {
    const { chainId, registry } = this.#connection.profile;
    return { id: chainId, registry };
  }

  ownerOf(repository: string): Promise<Hex | undefined> {
    const known = this.#owners.get(repository) ?? readOwner(this.#connection, repository, this.block);
    this.#owners.set(repository, known);
    return known;
  }

  organisation(id: Hex): Promise<Organisation | undefined> {
    const known = this.#organisations.get(id) ?? readOrganisation(this.#connection, id, this.block);
    this.#organisations.set(id, known);
    return known;
  }

  async organisations(): Promise<Hex[]> {
    return (await listOrganisations(this.#connection)).map(organisationId);
  }

  naming(digests: readonly Digest[], organisation: Hex | undefined): Promise<ClaimKey[]> {
    return findClaims(this.#connection, digests, organisation, this.block);
  }

  async read(query: ClaimQuery) {
    const { claims, head, revoked } = await readClaims(this.#connection, query, this.block);
    const evidence: ClaimEvidence[] = [];
    for (const claim of claims) {
      const by = await this.organisation(query.organisation);
      evidence.push({
        ...claim,
        organisationName: by?.name ?? query.organisation,
        organisationThreshold: by?.threshold ?? 0,
        byOwner: (await this.ownerOf(claim.claim.repository)) === query.organisation,
      });
    }
    return { claims: evidence, head, revoked };
  }
}
