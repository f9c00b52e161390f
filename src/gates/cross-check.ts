import type { SnapshotClaim } from "../catalogue/snapshot.ts";
import type { Connection } from "../contract/connection.ts";
import { type BlockReference, callRegistryAll, readable } from "../contract/contract.ts";
import { digestToBytes32 } from "../digest/digest.ts";
import { DaoChainError } from "../errors.ts";

/** Hex digits of a claim's id that a tag's head slot holds (docs/specs/claim.md, "Storage"). */
const headDigits = 54;

/** Claims in one question: to encode and to decode them holds the thread, on which images wait to be decided about. */
const claimsAtOnce = 4;

/** A claim of which the index says something else than the contract. */
export interface Contradiction {
  readonly claim: SnapshotClaim;
  /** what it is that differs */
  readonly about: string;
}

/**
 * Compares what the index says of claims with the contract's own storage, which events cannot make up.
 * @param block as of which the index says it
 * @returns the first contradiction; undefined where they agree
 * @throws CHAIN_FAILED also where the endpoint does not have that block's state, CHAIN_UNREACHABLE, CANCELLED
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
    const about = readable(() => whatDiffers(claim, answers[at]?.[0]));
    if (about === undefined) {
      throw new DaoChainError(
        "CHAIN_FAILED",
        `The chain at ${connection.rpc.label} does not tell of ${claim.id}.`,
      );
    }
    if (about !== "") return { claim, about };
  }
  return undefined;
}

/** @returns empty where nothing does */
// biome-ignore lint/suspicious/noExplicitAny: a result of the registry's ABI, which was decoded by it
function whatDiffers(claim: SnapshotClaim, reading: any): string {
  const { by, claim: content } = claim;
  const state = reading.records[0];
  // A node without the block's state answers with zeros; that is no contradiction, but no agreement either.
  if (String(reading.name) === "") throw new Error("no state");
  const isHead = content.tag !== "" && String(reading.head.claimPrefix) === claim.id.slice(0, 2 + headDigits);
  const revoked = content.subjects.filter((_, index) => Number(reading.digestRevocations[index]) !== 0);
  const comparisons: readonly (readonly [about: string, ours: unknown, theirs: unknown])[] = [
    ["its organisation", by.name, String(reading.name)],
    ["its organisation's threshold", by.threshold, Number(reading.threshold)],
    ["who owns its repository", claim.byOwner, String(reading.owner) === by.id],
    ["whether it is recorded", true, Number(state.submittedAt) !== 0],
    ["its threshold", claim.threshold, Number(state.threshold)],
    ["its signatures", claim.validApprovals, Number(state.validApprovals)],
    ["its revocation", claim.revokedAt, Number(reading.claimRevocations[0]) || Number(state.revokedAt)],
    ["its digests' revocations", claim.revokedDigests.join(), revoked.map(({ digest }) => digest).join()],
    ["what its tag means", content.tag !== "" && claim.isHead, isHead],
  ];
  return comparisons.find(([, ours, theirs]) => ours !== theirs)?.[0] ?? "";
}
