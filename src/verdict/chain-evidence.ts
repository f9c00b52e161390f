import { organisationId } from "../claim/claim.ts";
import { type ClaimKey, findClaims, readClaims } from "../contract/claims.ts";
import type { Connection } from "../contract/connection.ts";
import { type BlockReference, readBlock, requireState } from "../contract/contract.ts";
import {
  listOrganisations,
  type Organisation,
  readOrganisation,
  readOwner,
  requireOrganisation,
} from "../contract/organisations.ts";
import type { Digest } from "../digest/digest.ts";
import { isDaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "./evidence.ts";

type Hex = `0x${string}`;

/** Claims of one organisation that are looked at where there are too many to look at all. */
const claimsOfEach = 20;

/**
 * Asks the chain everything that a decision about an image needs, all as of one block.
 * @param at the block; undefined for the newest. A past one is judged by the time that it had.
 * @throws ORGANISATION_NOT_FOUND where the policy names one that is not there; LIMIT_EXCEEDED, CHAIN_FAILED,
 *   CHAIN_UNREACHABLE, CANCELLED
 */
export async function gatherEvidence(
  connection: Connection,
  facts: ImageFacts,
  policy: Policy,
  at?: BlockReference,
): Promise<Evidence> {
  const block = at ?? (await readBlock(connection.rpc));
  if (at !== undefined) await requireState(connection, at);
  const evidence = await gatherAsOf(connection, facts, policy, block);
  return at === undefined ? evidence : { ...evidence, now: at.time };
}

/**
 * Asks the same as of a block that the caller has just learnt to be the newest.
 * @throws as `gatherEvidence`
 */
export async function gatherAsOf(
  connection: Connection,
  facts: ImageFacts,
  policy: Policy,
  block: BlockReference,
): Promise<Evidence> {
  const organisations = new OrganisationReader(connection, block);
  const digests = facts.subjects.map(({ digest }) => digest);
  const requiredId =
    policy.organisation !== undefined
      ? organisationId(policy.organisation)
      : facts.name && (await organisations.ownerOf(facts.name.repository));
  // A name that was only made up from a file's name is no reason to leave other repositories' claims aside.
  const isScoped = facts.name?.carried === true || policy.organisation !== undefined;
  const [required, scoped] = await Promise.all([
    policy.organisation !== undefined
      ? requireOrganisation(connection, policy.organisation, block)
      : requiredId && organisations.read(requiredId),
    requiredId !== undefined && isScoped ? findClaims(connection, digests, requiredId, block) : [],
  ]);
  let keys: readonly ClaimKey[] = required === undefined ? [] : scoped;
  if (keys.length === 0) keys = await findEveryones(connection, digests, block);

  const claims: ClaimEvidence[] = [];
  let head: Evidence["head"];
  let revoked: Evidence["revoked"] = [];
  const involved = new Set<Hex>([
    ...(required === undefined ? [] : [required.id]),
    ...keys.map((key) => key.organisation),
  ]);
  for (const organisation of involved) {
    const isRequired = organisation === required?.id;
    const own = keys.filter((key) => key.organisation === organisation);
    const { repository, tag } =
      isRequired && facts.name !== undefined ? facts.name : { repository: "", tag: "" };
    const answer = await readClaims(connection, { organisation, keys: own, digests, repository, tag }, block);
    if (isRequired) {
      head = answer.head;
      revoked = answer.revoked;
    }
    for (const claim of answer.claims) {
      const by = await organisations.read(organisation);
      claims.push({
        ...claim,
        organisationName: by?.name ?? organisation,
        organisationThreshold: by?.threshold ?? 0,
        byOwner: (await organisations.ownerOf(claim.claim.repository)) === organisation,
      });
    }
  }
  return {
    facts,
    now: Math.max(Math.floor(Date.now() / 1000), block.time),
    chain: { id: connection.profile.chainId, registry: connection.profile.registry },
    block,
    required: required === undefined ? undefined : { id: required.id, name: required.name },
    head,
    claims,
    revoked,
  };
}

/** Everyone's claims. Where somebody floods the registry with them, only the newest few of each organisation. */
async function findEveryones(
  connection: Connection,
  digests: readonly Digest[],
  block: BlockReference,
): Promise<ClaimKey[]> {
  const unlessTooMany = (error: unknown): undefined => {
    if (!isDaoChainError(error, "TOO_MANY_CLAIMS", "TOO_MANY_EVENTS")) throw error;
  };
  const all = await findClaims(connection, digests, undefined, block).catch(unlessTooMany);
  if (all !== undefined) return all;
  const keys: ClaimKey[] = [];
  for (const name of await listOrganisations(connection)) {
    const own = await findClaims(connection, digests, organisationId(name), block).catch(unlessTooMany);
    keys.push(...(own ?? []).slice(-claimsOfEach));
  }
  return keys;
}

/** Several claims of an image mostly share their organisation and repository: each is asked for once. */
class OrganisationReader {
  readonly #connection: Connection;
  readonly #block: BlockReference;
  readonly #organisations = new Map<Hex, Promise<Organisation | undefined>>();
  readonly #owners = new Map<string, Promise<Hex | undefined>>();

  constructor(connection: Connection, block: BlockReference) {
    this.#connection = connection;
    this.#block = block;
  }

  read(id: Hex): Promise<Organisation | undefined> {
    const known = this.#organisations.get(id) ?? readOrganisation(this.#connection, id, this.#block);
    this.#organisations.set(id, known);
    return known;
  }

  ownerOf(repository: string): Promise<Hex | undefined> {
    const known = this.#owners.get(repository) ?? readOwner(this.#connection, repository, this.#block);
    this.#owners.set(repository, known);
    return known;
  }
}
