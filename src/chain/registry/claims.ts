import { parseAnnotations } from "../../claim/annotations.ts";
import { claimId, fromClaimStruct, type ImageClaim } from "../../claim/claim.ts";
import { type Digest, digestToBytes32 } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import type { Connection } from "../network.ts";
import {
  type BlockReference,
  callRegistry,
  callRegistryAll,
  eventTopic,
  readable,
  readEvents,
} from "./contract.ts";

type Hex = `0x${string}`;

/** A claim's place in the registry. */
export interface ClaimKey {
  readonly organisation: Hex;
  readonly id: Hex;
}

/** A claim with all that the registry says of it. Times are in seconds since 1970. */
export interface RecordedClaim {
  readonly id: Hex;
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
const maxClaims = 1000;

/**
 * The claims that name one of the digests.
 * @param organisation only this organisation's; undefined for everyone's
 * @throws LIMIT_EXCEEDED, CHAIN_FAILED, CHAIN_UNREACHABLE
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
  const keys = new Map(
    events.map(({ args }) => [
      String(args["claimId"]),
      { organisation: args["organisation"], id: args["claimId"] },
    ]),
  );
  if (keys.size > maxClaims) {
    throw new DaoChainError("LIMIT_EXCEEDED", `More than ${maxClaims} claims name this image.`);
  }
  return [...keys.values()] as ClaimKey[];
}

/**
 * Reads claims of one organisation, and what it says of digests and of a tag, as of one block.
 * What the endpoint calls a claim is believed only if it hashes to the claim's id.
 * @param query.repository canonical, empty for no question about a tag
 * @throws CHAIN_FAILED, CHAIN_UNREACHABLE
 */
export async function readClaims(
  connection: Connection,
  query: {
    organisation: Hex;
    ids: readonly Hex[];
    digests: readonly Digest[];
    repository: string;
    tag: string;
  },
  block: BlockReference,
): Promise<{ claims: RecordedClaim[]; head: RecordedClaim | undefined; revoked: Digest[] }> {
  const { organisation, repository, tag } = query;
  const [head] = await readHeads(connection, organisation, [{ repository, tag }], block);
  const headId = head?.id;
  const ids = [...new Set([...query.ids, ...(headId === undefined ? [] : [headId])])];
  const contents = await readContents(connection, organisation, ids, block);
  const digests = [
    ...new Set([
      ...query.digests,
      ...contents.flatMap(({ claim }) => claim.subjects.map((subject) => subject.digest)),
    ]),
  ];
  const [, revocations, states] = await callRegistry(
    connection,
    "read",
    [organisation, repository, tag, digests.map(digestToBytes32), contents.map(({ id }) => id)],
    block,
  );
  const revoked = new Set(digests.filter((_, index) => Number(revocations[index]) !== 0));
  const claims = contents.map((content, index): RecordedClaim => {
    const state = states[index];
    return {
      ...content,
      submittedAt: Number(state.submittedAt),
      validApprovals: Number(state.validApprovals),
      threshold: Number(state.threshold),
      revokedAt: Number(state.revokedAt),
      revokedDigests: content.claim.subjects
        .map((subject) => subject.digest)
        .filter((digest) => revoked.has(digest)),
    };
  });
  return {
    claims: claims.filter(({ id }) => query.ids.includes(id)),
    head: claims.find(({ id }) => id === headId),
    revoked: query.digests.filter((digest) => revoked.has(digest)),
  };
}

type ClaimContent = Pick<RecordedClaim, "id" | "claim" | "annotations" | "block" | "transaction" | "signers">;

/**
 * The claims that tags stand for now.
 * @returns for each tag the claim's id and its time of issue in seconds since 1970; undefined where it has none, or the name is no tag
 * @throws CHAIN_FAILED, CHAIN_UNREACHABLE
 */
export async function readHeads(
  connection: Connection,
  organisation: Hex,
  tags: readonly { readonly repository: string; readonly tag: string }[],
  block: BlockReference | "latest",
): Promise<({ id: Hex; issuedAt: number } | undefined)[]> {
  const asked = tags.filter(({ repository, tag }) => repository !== "" && tag !== "");
  const answers = await callRegistryAll(
    connection,
    asked.map(({ repository, tag }) => ["headOf", [organisation, repository, tag]]),
    block,
  );
  return tags.map((name) => {
    const head = answers[asked.indexOf(name)]?.[0];
    if (head === undefined || /^0x0*$/.test(String(head.claimId))) return undefined;
    return { id: String(head.claimId) as Hex, issuedAt: Number(head.issuedAt) };
  });
}

async function readContents(
  connection: Connection,
  organisation: Hex,
  ids: readonly Hex[],
  block: BlockReference,
): Promise<ClaimContent[]> {
  if (ids.length === 0) return [];
  const { profile, rpc } = connection;
  const domain = { chainId: profile.chainId, registry: profile.registry };
  const topics = [[eventTopic("ClaimSubmitted"), eventTopic("ClaimApproved")], ids, organisation];
  const events = await readEvents(connection, topics, { from: 0, to: block.number });
  return ids.flatMap((id) => {
    const own = events.filter(({ args }) => args["claimId"] === id);
    const submitted = own.find(({ name }) => name === "ClaimSubmitted");
    if (submitted === undefined) {
      throw new DaoChainError(
        "CHAIN_FAILED",
        `The chain at ${rpc.label} does not tell what the claim ${id} says.`,
      );
    }
    const claim = readable(() => fromClaimStruct(submitted.args["claim"]));
    // A signer may record what nobody can read, such as broken UTF-8; it names no image, and must not stand in others' way.
    if (claim === undefined) return [];
    if (claim.organisation !== organisation || claimId(claim, domain) !== id) {
      throw new DaoChainError(
        "CHAIN_FAILED",
        `What the chain at ${rpc.label} calls the claim ${id} is another.`,
      );
    }
    return {
      id,
      claim,
      annotations:
        readable(() => parseAnnotations(String(submitted.args["annotations"]), claim.annotations)) ?? {},
      block: submitted.block,
      transaction: submitted.transaction,
      signers: own.filter(({ name }) => name === "ClaimApproved").map(({ args }) => String(args["signer"])),
    };
  });
}
