import type { SnapshotClaim } from "../catalogue/snapshot.ts";
import type { Connection } from "../contract/connection.ts";
import { type BlockReference, callRegistryAll, readable } from "../contract/contract.ts";
import { digestToBytes32 } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";

/** Hex digits of a claim's id that a tag's head slot holds (docs/specs/claim.md, "Storage"). */
const headDigits = 54;

/** Claims in one question: to encode and to decode them holds the thread, on which images wait to be decided about. */
const claimsAtOnce = 4;

/** A claim of which the index says something else than the contract. */
export interface Contradiction {
  readonly claim: SnapshotClaim;
  /** what it is that differs */
  readonly about: Message;
}

/**
 * Compares what the index says of claims with the contract's own storage, which events cannot make up.
 * @param block as of which the index says it
 * @returns the first contradiction; undefined where they agree
 * @throws GATE_CLAIM_NOT_TOLD where the endpoint does not have that block's state; CHAIN_REFUSED, CHAIN_UNREACHABLE, CANCELLED
 */
export async function findContradiction(
  connection: Connection,
  claims: readonly SnapshotClaim[],
  block: BlockReference,
): Promise<Contradiction | undefined> {
  for (let at = 0; at < claims.length; at += claimsAtOnce) {
    const found = await compare(connection, claims.slice(at, at + claimsAtOnce), block);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function compare(
  connection: Connection,
  claims: readonly SnapshotClaim[],
  block: BlockReference,
): Promise<Contradiction | undefined> {
  const answers = await callRegistryAll(
    connection,
    claims.map(({ id, record, claim }) => [
      "read",
      [
        claim.organisation,
        claim.repository,
        claim.tag,
        claim.subjects.map(({ digest }) => digestToBytes32(digest)),
        [record],
        [id],
      ],
    ]),
    block,
  );
  for (const [at, claim] of claims.entries()) {
    const read = readable(() => ({ about: whatDiffers(claim, answers[at]?.[0]) }));
    if (read === undefined) {
      throw failure("GATE_CLAIM_NOT_TOLD", { endpoint: connection.rpc.label, claim: claim.id });
    }
    if (read.about !== undefined) return { claim, about: read.about };
  }
  return undefined;
}

/** @returns undefined where nothing does */
// biome-ignore lint/suspicious/noExplicitAny: a result of the registry's ABI, which was decoded by it
function whatDiffers(claim: SnapshotClaim, reading: any): Message | undefined {
  const { by, claim: content } = claim;
  const state = reading.records[0];
  // A node without the block's state answers with zeros; that is no contradiction, but no agreement either.
  if (String(reading.name) === "") throw new Error("no state");
  const isHead = content.tag !== "" && String(reading.head.claimPrefix) === claim.id.slice(0, 2 + headDigits);
  const revoked = content.subjects.filter((_, index) => Number(reading.digestRevocations[index]) !== 0);
  const comparisons: readonly (readonly [about: Message, ours: unknown, theirs: unknown])[] = [
    [say("its-organisation"), by.name, String(reading.name)],
    [say("organisations-threshold"), by.threshold, Number(reading.threshold)],
    [say("its-owner"), claim.byOwner, String(reading.owner) === by.id],
    [say("its-record"), true, Number(state.submittedAt) !== 0],
    [say("its-threshold"), claim.threshold, Number(state.threshold)],
    [say("its-signatures"), claim.validApprovals, Number(state.validApprovals)],
    [say("its-revocation"), claim.revokedAt, Number(reading.claimRevocations[0]) || Number(state.revokedAt)],
    [say("its-digests-revocations"), claim.revokedDigests.join(), revoked.map(({ digest }) => digest).join()],
    [say("its-tag"), content.tag !== "" && claim.isHead, isHead],
  ];
  return comparisons.find(([, ours, theirs]) => ours !== theirs)?.[0];
}
