import { parseAnnotations } from "../claim/annotations.ts";
import { batchIdOfHashes, claimIdOfHash } from "../claim/batch.ts";
import {
  type ClaimPlace,
  claimId,
  claimStructHash,
  fromClaimStruct,
  type ImageClaim,
} from "../claim/claim.ts";
import { type Digest, digestToBytes32 } from "../digest/digest.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { TimeSlices } from "../time-slices.ts";
import type { Connection } from "./connection.ts";
import {
  type BlockReference,
  callRegistry,
  callRegistryAll,
  eventTopic,
  type RegistryEvent,
  readable,
  readEvents,
  tagKey,
} from "./contract.ts";

type Hex = `0x${string}`;

/** A claim's place in the registry: the record is what was signed, the claim itself or a batch that holds it. */
export interface ClaimKey {
  readonly organisation: Hex;
  readonly id: Hex;
  readonly record: Hex;
}

/** A claim with all that the registry says of it. Times are in seconds since 1970. */
export interface RecordedClaim {
  readonly id: Hex;
  /** the same where the claim was signed alone, else the batch's */
  readonly record: Hex;
  /** all claims that were signed at once with it, itself among them */
  readonly batch: readonly ImageClaim[];
  readonly claim: ImageClaim;
  readonly annotations: Readonly<Record<string, string>>;
  readonly block: number;
  readonly transaction: string;
  readonly submittedAt: number;
  /** addresses of all who approved it, in their order */
  readonly signers: readonly string[];
  /** approvals less those of voided signers */
  readonly validApprovals: number;
  /** approvals that it took when it counted; 0 while it is pending */
  readonly threshold: number;
  /** 0 while it stands */
  readonly revokedAt: number;
  /** those of its digests that its organisation has revoked */
  readonly revokedDigests: readonly Digest[];
}

/** Claims that are looked at for one image; the registry would have to be flooded to hold more. */
export const maxClaims = 1000;

/**
 * The claims that name one of the digests.
 * @param organisation only this organisation's; undefined for everyone's
 * @throws TOO_MANY_CLAIMS, and as `readEvents`
 */
export async function findClaims(
  connection: Connection,
  digests: readonly Digest[],
  organisation: Hex | undefined,
  block: BlockReference,
): Promise<ClaimKey[]> {
  if (digests.length === 0) return [];
  const topics = [eventTopic("SubjectClaimed"), digests.map(digestToBytes32), organisation ?? null];
  const events = await readEvents(connection, topics, { from: 0, to: block.number });
  return toKeys(events);
}

/**
 * Where a claim of an organisation is recorded.
 * @returns undefined where it is not
 * @throws as `readEvents`
 */
export async function findClaim(
  connection: Connection,
  organisation: Hex,
  id: Hex,
  block: BlockReference,
): Promise<ClaimKey | undefined> {
  const topics = [eventTopic("SubjectClaimed"), null, organisation, id];
  return toKeys(await readEvents(connection, topics, { from: 0, to: block.number }))[0];
}

function toKeys(events: readonly RegistryEvent[]): ClaimKey[] {
  const keys = new Map<string, ClaimKey>();
  for (const { args } of events) {
    const key: ClaimKey = {
      organisation: args["organisation"],
      id: args["claimId"],
      record: args["recordId"],
    };
    keys.set(key.id + key.record, key);
  }
  if (keys.size > maxClaims) throw tooManyClaims();
  return [...keys.values()];
}

/** There are more claims of one image than are looked at. */
export function tooManyClaims(): DaoChainError {
  return failure("TOO_MANY_CLAIMS", { limit: maxClaims });
}

/** What is asked about one organisation. */
export interface ClaimQuery {
  readonly organisation: Hex;
  readonly keys: readonly Pick<ClaimKey, "id" | "record">[];
  readonly digests: readonly Digest[];
  /** canonical; empty for no question about a tag */
  readonly repository: string;
  readonly tag: string;
}

/**
 * Reads claims of one organisation, and what it says of digests and of a tag, as of one block.
 * What the endpoint calls a claim is believed only if it hashes to the claim's id, and with its neighbours to its record's.
 * @throws HEAD_UNTOLD, CLAIM_UNTOLD, CLAIM_FALSE, and as `readEvents` and `callRegistry`
 */
export async function readClaims(
  connection: Connection,
  query: ClaimQuery,
  block: BlockReference,
): Promise<{ claims: RecordedClaim[]; head: RecordedClaim | undefined; revoked: Digest[] }> {
  const { organisation, repository, tag } = query;
  const [headKey, own] = await Promise.all([
    findHead(connection, query, block),
    readContents(connection, organisation, query.keys, block),
  ]);
  const isOther = headKey !== undefined && !own.some((content) => isAt(content, headKey));
  const contents = isOther
    ? [...own, ...(await readContents(connection, organisation, [headKey], block))]
    : own;
  const named = contents.flatMap(({ claim }) => claim.subjects.map((subject) => subject.digest));
  const digests = [...new Set([...query.digests, ...named])];
  const records = [...new Set(contents.map(({ record }) => record))];
  const ids = contents.map(({ id }) => id);
  const [reading] = await callRegistry(
    connection,
    "read",
    [organisation, repository, tag, digests.map(digestToBytes32), records, ids],
    block,
  );
  const revoked = new Set(digests.filter((_, index) => Number(reading.digestRevocations[index]) !== 0));
  const claims = contents.map((content, index): RecordedClaim => {
    const state = reading.records[records.indexOf(content.record)];
    return {
      ...content,
      submittedAt: Number(state.submittedAt),
      validApprovals: Number(state.validApprovals),
      threshold: Number(state.threshold),
      revokedAt: Number(reading.claimRevocations[index]) || Number(state.revokedAt),
      revokedDigests: content.claim.subjects
        .map((subject) => subject.digest)
        .filter((digest) => revoked.has(digest)),
    };
  });
  return {
    claims: claims.filter((claim) => query.keys.some((key) => isAt(claim, key))),
    head: headKey && claims.find((claim) => isAt(claim, headKey)),
    revoked: query.digests.filter((digest) => revoked.has(digest)),
  };
}

function isAt(
  claim: Pick<ClaimKey, "id" | "record">,
  { id, record }: Pick<ClaimKey, "id" | "record">,
): boolean {
  return claim.id === id && claim.record === record;
}

/** What an organisation says of one repository and tag, and of an image's digests. */
export interface TagState {
  /** the beginning of the id of the claim that the tag means now; undefined where it was never claimed */
  readonly head: string | undefined;
  /** that claim's time of issue, in seconds since 1970; 0 without one */
  readonly issuedAt: number;
  /** who owns the repository */
  readonly owner: Hex | undefined;
  readonly revoked: readonly Digest[];
}

/** What is asked about a tag. */
export interface TagQuery {
  /** canonical */
  readonly repository: string;
  readonly tag: string;
  readonly digests: readonly Digest[];
}

/** Reads many tags in few requests. @throws as `callRegistry` */
export async function readTags(
  connection: Connection,
  organisation: Hex,
  queries: readonly TagQuery[],
  block: BlockReference | "latest",
): Promise<TagState[]> {
  const answers = await callRegistryAll(
    connection,
    queries.map(({ repository, tag, digests }) => [
      "read",
      [organisation, repository, tag, digests.map(digestToBytes32), [], []],
    ]),
    block,
  );
  return queries.map(({ tag, digests }, at) => {
    const reading = answers[at]?.[0];
    const prefix = String(reading.head.claimPrefix);
    const isClaimed = tag !== "" && !isZero(prefix);
    return {
      head: isClaimed ? prefix : undefined,
      issuedAt: isClaimed ? Number(reading.head.issuedAt) : 0,
      owner: isZero(String(reading.owner)) ? undefined : (String(reading.owner) as Hex),
      revoked: digests.filter((_, index) => Number(reading.digestRevocations[index]) !== 0),
    };
  });
}

function isZero(hex: string): boolean {
  return /^0x0*$/.test(hex);
}

/** Blocks in the first window that is searched for a tag's head; each further one is twice as long. */
const firstWindow = 4096;

/** The head slot holds the beginning of the claim's id; the claim itself is among the tag's, most likely a new one. */
async function findHead(
  connection: Connection,
  { organisation, repository, tag }: ClaimQuery,
  block: BlockReference,
): Promise<ClaimKey | undefined> {
  if (repository === "" || tag === "") return undefined;
  const [state] = await readTags(connection, organisation, [{ repository, tag, digests: [] }], block);
  const prefix = state?.head;
  if (prefix === undefined) return undefined;
  const place = placeOf(connection);
  const topics = [eventTopic("ClaimSubmitted"), null, organisation, tagKey(organisation, repository, tag)];
  for (let to = block.number, size = firstWindow; to >= 0; to -= size, size *= 2) {
    const events = await readEvents(connection, topics, { from: Math.max(0, to - size + 1), to });
    for (const { args } of events.reverse()) {
      const claim = readable(() => fromClaimStruct(args["claim"]));
      if (claim === undefined) continue;
      const id = claimId(claim, place);
      if (id.startsWith(prefix)) return { organisation, id, record: args["recordId"] };
    }
  }
  throw failure("HEAD_UNTOLD", { endpoint: connection.rpc.label, name: `${repository}:${tag}` });
}

type ClaimContent = Omit<
  RecordedClaim,
  "submittedAt" | "validApprovals" | "threshold" | "revokedAt" | "revokedDigests"
>;

async function readContents(
  connection: Connection,
  organisation: Hex,
  keys: readonly Pick<ClaimKey, "id" | "record">[],
  block: BlockReference,
): Promise<ClaimContent[]> {
  const records = [...new Set(keys.map(({ record }) => record))];
  if (records.length === 0) return [];
  const topics = [[eventTopic("ClaimSubmitted"), eventTopic("RecordApproved")], records, organisation];
  const events = await readEvents(connection, topics, { from: 0, to: block.number });
  const contents: ClaimContent[] = [];
  for (const record of records) {
    const own = events.filter(({ args }) => args["recordId"] === record);
    contents.push(...(await readRecord(connection, organisation, record, own)));
  }
  return contents.filter((content) =>
    keys.some(({ id, record }) => content.id === id && content.record === record),
  );
}

/** The claims of a record, out of its events. */
async function readRecord(
  connection: Connection,
  organisation: Hex,
  record: Hex,
  events: readonly RegistryEvent[],
): Promise<ClaimContent[]> {
  const place = placeOf(connection);
  const { label: endpoint } = connection.rpc;
  const submitted = events.filter(({ name }) => name === "ClaimSubmitted");
  if (submitted.length === 0) throw failure("CLAIM_UNTOLD", { endpoint, claim: record });
  const claims: ImageClaim[] = [];
  const hashes: Hex[] = [];
  const slices = new TimeSlices(connection.rpc.signal);
  for (const { args } of submitted) {
    const claim = readable(() => fromClaimStruct(args["claim"]));
    // A signer may record what nobody can read, such as broken UTF-8; it names no image, and must not stand in others' way.
    if (claim === undefined) return [];
    claims.push(claim);
    hashes.push(claimStructHash(claim));
    if (slices.isOver) await slices.rest();
  }
  const [first] = claims;
  const ids = hashes.map((hash) => claimIdOfHash(hash, place));
  const isOne = ids.length === 1 && ids[0] === record;
  const isRecord = isOne || batchIdOfHashes(hashes, place) === record;
  if (first === undefined || !isRecord || claims.some((claim) => claim.organisation !== organisation)) {
    throw failure("CLAIM_FALSE", { endpoint, claim: record });
  }
  const signers = events
    .filter(({ name }) => name === "RecordApproved")
    .map(({ args }) => String(args["signer"]));
  return submitted.map((event, index): ClaimContent => {
    const claim = claims[index] ?? first;
    return {
      id: ids[index] ?? record,
      record,
      batch: claims,
      claim,
      annotations:
        readable(() => parseAnnotations(String(event.args["annotations"]), claim.annotations)) ?? {},
      block: event.block,
      transaction: event.transaction,
      signers,
    };
  });
}

/** The chain and the registry that a connection leads to, which a claim's signature is for. Nothing is asked. */
export function placeOf({ profile }: Pick<Connection, "profile">): ClaimPlace {
  return { chainId: profile.chainId, registry: profile.registry };
}
