import { organisationId } from "../claim/claim.ts";
import type { ClaimKey, ClaimQuery } from "../contract/claims.ts";
import type { BlockReference } from "../contract/contract.ts";
import { organisationNotFound } from "../contract/organisations.ts";
import type { Digest } from "../digest/digest.ts";
import { isDaoChainError } from "../errors.ts";
import type { ImageFacts } from "../image/image.ts";
import type { Policy } from "../policy/policy.ts";
import type { ClaimEvidence, Evidence } from "./evidence.ts";

type Hex = `0x${string}`;

/** Claims of one organisation that are looked at where there are too many to look at all. */
const claimsOfEach = 20;

/** What is known at once, or has to be waited for. */
type Answer<T> = T | Promise<T>;

/** An organisation as a decision needs it. */
export interface KnownOrganisation {
  readonly id: Hex;
  readonly name: string;
  readonly threshold: number;
}

/**
 * The registry as of one block, as far as evidence is gathered from it: the chain, or an index of it. It may name claims by keys of its own.
 */
export interface RegistryView<Key extends ClaimKey = ClaimKey> {
  readonly chain: Evidence["chain"];
  readonly block: BlockReference;
  /** The organisation that owns the longest namespace which holds a repository. */
  ownerOf(repository: string): Answer<Hex | undefined>;
  organisation(id: Hex): Answer<KnownOrganisation | undefined>;
  /** The ids of all organisations, in the order of their admission. */
  organisations(): Answer<readonly Hex[]>;
  /**
   * The claims that name one of the digests, in the order in which they were recorded.
   * @param organisation only this organisation's; undefined for everyone's
   * @throws TOO_MANY_CLAIMS where there are too many
   */
  naming(digests: readonly Digest[], organisation: Hex | undefined): Answer<readonly Key[]>;
  /** What an organisation says of claims, of a tag and of digests. @param query.keys of those that `naming` has brought */
  read(query: ClaimQuery & { readonly keys: readonly Key[] }): Answer<{
    readonly claims: readonly ClaimEvidence[];
    readonly head: Evidence["head"];
    readonly revoked: readonly Digest[];
  }>;
}

/** A gathering on its way: it hands out what it waits for, and is handed what became of that. */
type Gathering<T> = Generator<readonly unknown[], T, unknown>;

/**
 * Gathers everything that a decision about an image needs, from the chain.
 * @param now this machine's clock, in seconds since 1970
 * @throws ORGANISATION_NOT_FOUND where the policy names one that is not there; what the view throws
 */
export async function gatherFrom<Key extends ClaimKey>(
  view: RegistryView<Key>,
  facts: ImageFacts,
  policy: Policy,
  now: number,
): Promise<Evidence> {
  const gathering = gather(view, facts, policy, now);
  for (let step = gathering.next(); ; ) {
    if (step.done === true) return step.value;
    const waited = await Promise.all(step.value).then(
      (answers) => ({ answers }),
      (error: unknown) => ({ error }),
    );
    step = "error" in waited ? gathering.throw(waited.error) : gathering.next(waited.answers);
  }
}

/**
 * The same from a view that knows everything at once. Nothing else happens meanwhile, so that an index cannot change under it.
 * @throws as `gatherFrom`
 */
export function gatherAtOnce<Key extends ClaimKey>(
  view: RegistryView<Key>,
  facts: ImageFacts,
  policy: Policy,
  now: number,
): Evidence {
  const gathering = gather(view, facts, policy, now);
  for (let step = gathering.next(); ; step = gathering.next(step.value))
    if (step.done === true) return step.value;
}

/** What is gathered, in which order, and within which limits: the same from wherever it comes. */
function* gather<Key extends ClaimKey>(
  view: RegistryView<Key>,
  facts: ImageFacts,
  { organisation }: Policy,
  now: number,
): Gathering<Evidence> {
  const { name } = facts;
  const digests = facts.subjects.map(({ digest }) => digest);
  const [owner] =
    organisation === undefined && name !== undefined ? yield* ask(view.ownerOf(name.repository)) : [];
  const requiredId = organisation === undefined ? owner : organisationId(organisation);
  // A name that was only made up from a file's name is no reason to leave other repositories' claims aside.
  const isScoped = name?.carried === true || organisation !== undefined;
  const [required, scoped] =
    requiredId === undefined
      ? []
      : yield* ask(view.organisation(requiredId), isScoped ? view.naming(digests, requiredId) : []);
  if (organisation !== undefined && required === undefined) throw organisationNotFound(organisation);
  let keys: readonly Key[] = required === undefined ? [] : (scoped ?? []);
  if (keys.length === 0) keys = yield* findEveryones(view, digests);

  const claims: ClaimEvidence[] = [];
  let head: Evidence["head"];
  let revoked: Evidence["revoked"] = [];
  // One organisation after the other, the one that is required first.
  const involved = new Set([
    ...(required === undefined ? [] : [required.id]),
    ...keys.map((key) => key.organisation),
  ]);
  for (const one of involved) {
    const isRequired = one === required?.id;
    const own = keys.filter((key) => key.organisation === one);
    const { repository, tag } = (isRequired && name) || { repository: "", tag: "" };
    const [answer] = yield* ask(view.read({ organisation: one, keys: own, digests, repository, tag }));
    claims.push(...answer.claims);
    if (isRequired) ({ head, revoked } = answer);
  }
  return {
    facts,
    now: Math.max(now, view.block.time),
    chain: view.chain,
    block: view.block,
    required: required && { id: required.id, name: required.name },
    head,
    claims,
    revoked,
  };
}

/** Everyone's claims. Where somebody floods the registry with them, only the newest few of each organisation. */
function* findEveryones<Key extends ClaimKey>(
  view: RegistryView<Key>,
  digests: readonly Digest[],
): Gathering<readonly Key[]> {
  const all = yield* namingUnlessTooMany(view, digests, undefined);
  if (all !== undefined) return all;
  const keys: Key[] = [];
  const [organisations] = yield* ask(view.organisations());
  for (const organisation of organisations) {
    const own = yield* namingUnlessTooMany(view, digests, organisation);
    keys.push(...(own ?? []).slice(-claimsOfEach));
  }
  return keys;
}

function* namingUnlessTooMany<Key extends ClaimKey>(
  view: RegistryView<Key>,
  digests: readonly Digest[],
  organisation: Hex | undefined,
): Gathering<readonly Key[] | undefined> {
  try {
    const [keys] = yield* ask(view.naming(digests, organisation));
    return keys;
  } catch (error) {
    if (!isDaoChainError(error, "TOO_MANY_CLAIMS", "TOO_MANY_EVENTS")) throw error;
    return undefined;
  }
}

/** Waits for answers, which may be there already. */
function* ask<T extends readonly unknown[]>(
  ...answers: T
): Gathering<{ readonly [At in keyof T]: Awaited<T[At]> }> {
  return (yield answers) as { readonly [At in keyof T]: Awaited<T[At]> };
}
