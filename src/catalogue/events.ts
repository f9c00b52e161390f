import { createHash } from "node:crypto";
import { annotationLimits } from "../claim/annotations.ts";
import { claimLimits, organisationId } from "../claim/claim.ts";
import { eventTopic } from "../contract/contract.ts";
import { digestKinds } from "../digest/digest.ts";
import { AbiReader, Malformed } from "./abi.ts";

/** 32 bytes, or an address of 20, as lowercase hex without 0x. */
export type Hex = string;

/** One subject as an event has it. */
export interface DecodedSubject {
  readonly digest: Hex;
  /** its place among digestKinds */
  readonly kind: number;
  readonly platform: string;
}

/** A claim as its events have it. What its signers wrote may be unreadable; its id, its tag's key and its times decide about heads all the same. */
export interface DecodedClaim {
  readonly tagKey: Hex | undefined;
  readonly issuedAt: number;
  readonly expiresAt: number;
  /** number of its subjects, each of which has an event of its own */
  readonly subjectCount: number;
  /** undefined where some text is not UTF-8, or a time is beyond all clocks: such a claim names no image */
  readonly content:
    | {
        readonly repository: string;
        readonly tag: string;
        readonly subjects: readonly DecodedSubject[];
        /** as JSON, empty without */
        readonly annotations: string;
      }
    | undefined;
}

interface Place {
  readonly block: number;
  /** position among its block's logs */
  readonly index: number;
  readonly transaction: Hex;
  /** of the organisation */
  readonly organisation: Hex;
}

/** What happened in the registry, as far as the catalogue keeps it. */
export type CatalogueEvent = Place &
  (
    | { readonly kind: "admitted"; readonly name: string; readonly displayName: string }
    | { readonly kind: "renamed"; readonly displayName: string }
    | { readonly kind: "namespace"; readonly namespace: string; readonly added: boolean }
    | {
        readonly kind: "member";
        readonly role: "admin" | "signer";
        readonly address: Hex;
        readonly added: boolean;
      }
    | { readonly kind: "voided"; readonly signer: Hex }
    | { readonly kind: "threshold"; readonly threshold: number }
    | { readonly kind: "claim"; readonly record: Hex; readonly claim: DecodedClaim }
    | { readonly kind: "subject"; readonly record: Hex; readonly claim: Hex; readonly digest: Hex }
    | { readonly kind: "approved"; readonly record: Hex; readonly signer: Hex }
    | { readonly kind: "counted"; readonly record: Hex; readonly threshold: number }
    | {
        readonly kind: "revoked";
        readonly what: "claim" | "digest";
        readonly id: Hex;
        readonly reason: string;
      }
  );

/** A log whose frame has been checked: it is the registry's, of the blocks that were asked for, in their order. */
export interface Log {
  readonly block: number;
  readonly index: number;
  readonly transaction: Hex;
  /** lowercase hex without 0x, one to four */
  readonly topics: readonly string[];
  readonly data: unknown;
}

const limits = { name: 63, displayName: 128, namespace: 255, reason: 512, threshold: 64 } as const;
const zero = "0".repeat(64);
const unreadable = "(unreadable text)";

type Decode = (log: Log, place: Place) => CatalogueEvent;

/** By topic; governor's acts are nothing that the catalogue keeps. */
let decoders: Map<string, Decode | undefined> | undefined;

/** @returns undefined for an event that changes nothing here @throws Malformed */
export function decodeEvent(log: Log): CatalogueEvent | undefined {
  decoders ??= new Map(
    Object.entries(table).map(([name, decode]) => [eventTopic(name).slice(2), decode] as const),
  );
  const [topic = ""] = log.topics;
  if (!decoders.has(topic)) throw new Malformed("it is none of the registry's events");
  const decode = decoders.get(topic);
  const { block, index, transaction } = log;
  return decode?.(log, { block, index, transaction, organisation: zero });
}

const table: Record<string, Decode | undefined> = {
  GovernorTransferStarted: undefined,
  GovernorTransferred: undefined,
  OrganisationAdmitted(log, place) {
    const organisation = topic(log, 1, 3);
    const data = new AbiReader(log.data);
    const name = data.text(data.follow(0, 0), limits.name);
    if (name === undefined || organisationId(name).slice(2) !== organisation)
      throw new Malformed("the organisation's id is not that of its name");
    const displayName = data.text(data.follow(32, 0), limits.displayName) ?? "";
    return { ...place, organisation, kind: "admitted", name, displayName };
  },
  DisplayNameChanged(log, place) {
    const data = new AbiReader(log.data);
    const displayName = data.text(data.follow(0, 0), limits.displayName) ?? "";
    return { ...place, organisation: topic(log, 1, 3), kind: "renamed", displayName };
  },
  NamespaceAdded: (log, place) => namespace(log, place, true),
  NamespaceRemoved: (log, place) => namespace(log, place, false),
  AdminAdded: (log, place) => member(log, place, "admin", true),
  AdminRemoved: (log, place) => member(log, place, "admin", false),
  SignerAdded: (log, place) => member(log, place, "signer", true),
  SignerRetired: (log, place) => member(log, place, "signer", false),
  SignerVoided: (log, place) => ({
    ...place,
    organisation: topic(log, 1, 4),
    kind: "voided",
    signer: address(log, 2, 4),
  }),
  ThresholdChanged: (log, place) => ({
    ...place,
    organisation: topic(log, 1, 3),
    kind: "threshold",
    threshold: threshold(log),
  }),
  ClaimSubmitted: (log, place) => ({
    ...place,
    organisation: topic(log, 2, 4),
    kind: "claim",
    record: topic(log, 1, 4),
    claim: decodeClaim(log, topic(log, 2, 4)),
  }),
  SubjectClaimed: (log, place) => ({
    ...place,
    organisation: topic(log, 2, 4),
    kind: "subject",
    digest: topic(log, 1, 4),
    claim: topic(log, 3, 4),
    record: new AbiReader(log.data).bytes32(0),
  }),
  RecordApproved: (log, place) => ({
    ...place,
    organisation: topic(log, 2, 4),
    kind: "approved",
    record: topic(log, 1, 4),
    signer: address(log, 3, 4),
  }),
  RecordCounted: (log, place) => ({
    ...place,
    organisation: topic(log, 2, 3),
    kind: "counted",
    record: topic(log, 1, 3),
    threshold: threshold(log),
  }),
  ClaimRevoked: (log, place) => revoked(log, place, "claim"),
  DigestRevoked: (log, place) => revoked(log, place, "digest"),
};

function topic({ topics }: Log, at: number, count: number): Hex {
  const value = topics[at];
  if (value === undefined || topics.length !== count)
    throw new Malformed("it has other topics than it should");
  return value;
}

function address(log: Log, at: number, count: number): Hex {
  const word = topic(log, at, count);
  if (!word.startsWith("0".repeat(24))) throw new Malformed("a topic is not an address");
  return word.slice(24);
}

function threshold(log: Log): number {
  const value = new AbiReader(log.data).number(0);
  if (value < 1 || value > limits.threshold) throw new Malformed("a threshold is out of bounds");
  return value;
}

function namespace(log: Log, place: Place, added: boolean): CatalogueEvent {
  const data = new AbiReader(log.data);
  const name = data.text(data.follow(0, 0), limits.namespace);
  if (name === undefined || !/^[a-z0-9._:/-]*$/.test(name)) throw new Malformed("a namespace is none");
  return { ...place, organisation: topic(log, 1, 2), kind: "namespace", namespace: name, added };
}

function member(log: Log, place: Place, role: "admin" | "signer", added: boolean): CatalogueEvent {
  return {
    ...place,
    organisation: topic(log, 1, 4),
    kind: "member",
    role,
    address: address(log, 2, 4),
    added,
  };
}

function revoked(log: Log, place: Place, what: "claim" | "digest"): CatalogueEvent {
  const data = new AbiReader(log.data);
  const reason = data.text(data.follow(0, 0), limits.reason) ?? unreadable;
  return { ...place, organisation: topic(log, 2, 4), kind: "revoked", what, id: topic(log, 1, 4), reason };
}

function decodeClaim(log: Log, organisation: Hex): DecodedClaim {
  const data = new AbiReader(log.data);
  const claim = data.follow(0, 0);
  if (data.bytes32(claim) !== organisation) throw new Malformed("a claim is another organisation's");
  const list = data.follow(claim + 96, claim);
  const subjectCount = data.number(list);
  if (subjectCount < 1 || subjectCount > claimLimits.subjects)
    throw new Malformed("a claim has no subjects, or too many");
  const [issuedAt, expiresAt] = [data.number(claim + 128), data.number(claim + 160)];
  const tagKey = topic(log, 3, 4);
  return {
    tagKey: tagKey === zero ? undefined : tagKey,
    issuedAt,
    expiresAt,
    subjectCount,
    content:
      Number.isSafeInteger(issuedAt) && Number.isSafeInteger(expiresAt)
        ? decodeContent(data, claim, list, subjectCount)
        : undefined,
  };
}

function decodeContent(
  data: AbiReader,
  claim: number,
  list: number,
  subjectCount: number,
): DecodedClaim["content"] {
  const repository = data.text(data.follow(claim + 32, claim), claimLimits.repository);
  const tag = data.text(data.follow(claim + 64, claim), claimLimits.tag);
  if (repository === "") throw new Malformed("a claim names no repository");
  const subjects: DecodedSubject[] = [];
  for (let i = 0; i < subjectCount; i++) {
    const subject = data.follow(list + 32 + 32 * i, list + 32);
    const kind = data.number(subject + 32);
    if (kind >= digestKinds.length) throw new Malformed("a subject is of an unknown kind");
    const platform = data.text(data.follow(subject + 64, subject), claimLimits.platform);
    if (platform === undefined) return undefined;
    subjects.push({ digest: data.bytes32(subject), kind, platform });
  }
  if (repository === undefined || tag === undefined) return undefined;
  return { repository, tag, subjects, annotations: decodeAnnotations(data, claim) };
}

/** @returns empty where the JSON cannot be read: a claim stands without it */
function decodeAnnotations(data: AbiReader, claim: number): string {
  const at = data.follow(32, 0);
  const bytes = data.bytes(at, annotationLimits.bytes);
  const hash = data.bytes32(claim + 192);
  const actual = bytes.length === 0 ? zero : createHash("sha256").update(bytes).digest("hex");
  if (hash !== actual) throw new Malformed("annotations are not those that were signed");
  return data.text(at, annotationLimits.bytes) ?? "";
}
