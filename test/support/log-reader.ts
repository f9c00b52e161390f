import { concat, dataSlice, keccak256, type Log, toBeHex, zeroPadValue } from "ethers";

/** Events by name that go into no log, and those that go into organisation 0's: docs/specs/claim.md, "The log". */
const unlogged = new Set(["ClaimProposed", "ClaimCounted", "SubjectClaimed"]);
const registryWide = new Set([
  "GovernorTransferStarted",
  "GovernorTransferred",
  "SuccessorNamed",
  "OrganisationAdmitted",
]);
/** Events whose second topic is not yet the organisation, but what they are about. */
const organisationThird = new Set([
  "RecordApproved",
  "RecordCounted",
  "ClaimRevoked",
  "RecordRevoked",
  "DigestRevoked",
]);
const nobody = `0x${"00".repeat(32)}`;

/** The organisation into whose log an event goes; undefined for one that goes into none. */
export function organisationOf(event: Log, name: string): string | undefined {
  if (unlogged.has(name)) return undefined;
  if (registryWide.has(name)) return nobody;
  return event.topics[organisationThird.has(name) ? 2 : 1] ?? nobody;
}

export interface FoldedLog {
  readonly acts: bigint;
  readonly log: string;
}

/**
 * Computes the logs of all organisations anew from a registry's events, as docs/specs/claim.md says it and without the contract.
 *
 * @param logs in the chain's order
 * @param nameOf the name of a log's event
 * @param timeOf the time of its block, in seconds
 */
export function foldLogs(
  logs: readonly Log[],
  nameOf: (log: Log) => string,
  timeOf: (log: Log) => number,
): Map<string, FoldedLog> {
  const folded = new Map<string, FoldedLog>();
  for (const event of logs) {
    const organisation = organisationOf(event, nameOf(event));
    if (organisation === undefined) continue;
    const before = folded.get(organisation) ?? { acts: 0n, log: `0x${"00".repeat(24)}` };
    const fact = keccak256(concat([...event.topics, event.data]));
    const word = zeroPadValue(toBeHex((BigInt(before.log) << 48n) | before.acts), 32);
    const hash = keccak256(concat([word, zeroPadValue(toBeHex(timeOf(event)), 32), fact]));
    folded.set(organisation, { acts: before.acts + 1n, log: dataSlice(hash, 0, 24) });
  }
  return folded;
}
