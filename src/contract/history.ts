import { claimId, fromClaimStruct } from "../claim/claim.ts";
import { type Digest, digestFromBytes32, digestToBytes32 } from "../digest/digest.ts";
import { placeOf } from "./claims.ts";
import type { Connection } from "./connection.ts";
import {
  type BlockReference,
  eventTopic,
  type RegistryEvent,
  readable,
  readBlock,
  readEvents,
  tagKey,
} from "./contract.ts";
import type { Organisation } from "./organisations.ts";

/** What can be done in the registry, as JSON names it. */
export type RegistryAct =
  | "claimed"
  | "approved"
  | "revoked claim"
  | "revoked digest"
  | "governor offered"
  | "governor changed"
  | "organisation admitted"
  | "namespace added"
  | "namespace removed"
  | "admin added"
  | "admin removed"
  | "signer added"
  | "signer retired"
  | "signer voided"
  | "threshold changed"
  | "display name changed";

/** One act in the registry. */
export interface HistoryEntry {
  /** seconds since 1970 */
  readonly time: number;
  readonly block: number;
  readonly transaction: string;
  readonly act: RegistryAct;
  /** address of who did it, where the event says */
  readonly by: string | null;
  /** what it was done to: a name, a digest, an address, a namespace */
  readonly subject: string;
  /** the reason of a revocation */
  readonly reason: string | null;
  /** the claim, or the batch that holds it */
  readonly claim: string | null;
}

/** What a history is about; without a repository, everything that an organisation did. */
export interface HistoryQuery {
  readonly repository?: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Blocks in the first window that is looked at; each further one is twice as long. */
const firstWindow = 1024;
/** Events that are looked through, however few of them are wanted. */
const maxEvents = 200_000;

/**
 * The newest acts of an organisation, or those about one of its repositories, tags or digests; newest first.
 * @param limit acts at most
 * @throws as `readEvents` and `readBlock`
 */
export async function readHistory(
  connection: Connection,
  organisation: Organisation,
  query: HistoryQuery,
  limit: number,
): Promise<HistoryEntry[]> {
  const head = await readBlock(connection.rpc);
  const about =
    query.repository === undefined && query.digest === undefined
      ? undefined
      : await findAbout(connection, organisation, query, head);

  const events: RegistryEvent[] = [];
  for (let to = head.number, size = firstWindow; to >= 0 && events.length < limit; to -= size, size *= 2) {
    const from = Math.max(0, to - size + 1);
    const window = { from, to };
    const found = [
      // An organisation stands in the first indexed place of its own acts, in the second of acts on claims and digests.
      ...(about === undefined
        ? await readEvents(connection, [organisationActs, organisation.id], window, maxEvents)
        : []),
      ...(await readEvents(connection, [claimActs, null, organisation.id], window, maxEvents)),
    ];
    const wanted = found.filter((event) => about === undefined || isAbout(connection, event, about));
    events.push(...wanted.sort((a, b) => b.block - a.block || b.index - a.index));
  }
  const newest = events.slice(0, limit);
  const times = new Map<number, number>();
  for (const { block } of newest) {
    if (!times.has(block)) times.set(block, (await readBlock(connection.rpc, block)).time);
  }
  return newest.map((event) => toHistoryEntry(event, times.get(event.block) ?? 0));
}

const ofGovernor = ["GovernorTransferStarted", "GovernorTransferred"];
const ofOrganisations = [
  "OrganisationAdmitted",
  "NamespaceAdded",
  "NamespaceRemoved",
  "AdminAdded",
  "AdminRemoved",
  "SignerAdded",
  "SignerRetired",
  "SignerVoided",
  "ThresholdChanged",
  "DisplayNameChanged",
];
const onClaims = ["ClaimSubmitted", "RecordApproved", "ClaimRevoked", "DigestRevoked"];
/** The events that tell of an act, rather than of what follows from one. */
export const eventNames = [...ofGovernor, ...ofOrganisations, ...onClaims];
const organisationActs = ofOrganisations.map(eventTopic);
const claimActs = onClaims.map(eventTopic);

/** What a query is about, as it stands in events. */
interface About {
  readonly claims: Set<string>;
  readonly records: Set<string>;
  readonly digests: Set<string>;
}

async function findAbout(
  connection: Connection,
  organisation: Organisation,
  query: HistoryQuery,
  head: BlockReference,
): Promise<About> {
  const window = { from: 0, to: head.number };
  const { id } = organisation;
  const { repository, tag, digest } = query;
  const about: About = { claims: new Set(), records: new Set(), digests: new Set() };
  if (digest !== undefined) {
    about.digests.add(digestToBytes32(digest));
    const topics = [eventTopic("SubjectClaimed"), digestToBytes32(digest), id];
    for (const { args } of await readEvents(connection, topics, window, maxEvents)) {
      about.claims.add(String(args["claimId"]));
      about.records.add(String(args["recordId"]));
    }
    return about;
  }
  const key = repository === undefined || tag === undefined ? [] : [tagKey(id, repository, tag)];
  const topics = [eventTopic("ClaimSubmitted"), null, id, ...key];
  for (const event of await readEvents(connection, topics, window, maxEvents)) {
    const claim = readable(() => fromClaimStruct(event.args["claim"]));
    if (claim === undefined || claim.repository !== repository) continue;
    about.claims.add(claimId(claim, placeOf(connection)));
    about.records.add(String(event.args["recordId"]));
    for (const subject of claim.subjects) about.digests.add(digestToBytes32(subject.digest));
  }
  return about;
}

function isAbout(connection: Connection, { name, args }: RegistryEvent, about: About): boolean {
  switch (name) {
    case "DigestRevoked":
      return about.digests.has(String(args["digest"]));
    case "RecordApproved":
      return about.records.has(String(args["recordId"]));
    case "ClaimRevoked":
      return about.claims.has(String(args["claimId"])) || about.records.has(String(args["claimId"]));
    default: {
      const id = readable(() => claimId(fromClaimStruct(args["claim"]), placeOf(connection)));
      return id !== undefined && about.claims.has(id);
    }
  }
}

const unreadable = "(unreadable text)";

/** @param time the block's, in seconds since 1970 */
export function toHistoryEntry(
  { name, args, block, transaction }: RegistryEvent,
  time: number,
): HistoryEntry {
  const text = (key: string): string => readable(() => String(args[key])) ?? unreadable;
  const digest = (): string => digestFromBytes32(text("digest"));
  const entry = (act: RegistryAct, subject: string, by: string | null = null) => ({
    time,
    block,
    transaction,
    act,
    by,
    subject,
    reason: name === "ClaimRevoked" || name === "DigestRevoked" ? text("reason") : null,
    claim:
      name === "ClaimRevoked" ? text("claimId") : args["recordId"] === undefined ? null : text("recordId"),
  });
  switch (name) {
    case "ClaimSubmitted": {
      const { subjects } = args["claim"];
      const first = subjects[0] === undefined ? "" : ` = ${digestFromBytes32(String(subjects[0].digest))}`;
      const name = readable(() => {
        const { repository, tag } = args["claim"];
        return `${repository}${tag === "" ? "" : `:${tag}`}`;
      });
      return entry("claimed", `${name ?? unreadable}${first}`);
    }
    case "RecordApproved":
      return entry("approved", text("recordId"), text("signer"));
    case "ClaimRevoked":
      return entry("revoked claim", text("claimId"), text("by"));
    case "DigestRevoked":
      return entry("revoked digest", digest(), text("by"));
    case "GovernorTransferStarted":
      return entry("governor offered", text("candidate"), text("governor"));
    case "GovernorTransferred":
      // The first one has no predecessor.
      return entry(
        "governor changed",
        text("governor"),
        /^0x0*$/.test(text("previousGovernor")) ? null : text("previousGovernor"),
      );
    case "OrganisationAdmitted":
      return entry("organisation admitted", text("name"));
    case "NamespaceAdded":
      return entry("namespace added", text("namespace") === "" ? "every repository" : text("namespace"));
    case "NamespaceRemoved":
      return entry("namespace removed", text("namespace") === "" ? "every repository" : text("namespace"));
    case "AdminAdded":
      return entry("admin added", text("admin"), text("by"));
    case "AdminRemoved":
      return entry("admin removed", text("admin"), text("by"));
    case "ThresholdChanged":
      return entry("threshold changed", text("threshold"), text("by"));
    case "DisplayNameChanged":
      return entry("display name changed", text("displayName"), text("by"));
    case "SignerAdded":
      return entry("signer added", text("signer"), text("by"));
    case "SignerRetired":
      return entry("signer retired", text("signer"), text("by"));
    case "SignerVoided":
      return entry("signer voided", text("signer"), text("by"));
    default:
      throw new Error(`${name} is not an act`);
  }
}
