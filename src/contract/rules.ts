import type { Interface, Result } from "ethers";
import { DaoChainError } from "../errors.ts";

/** What each of the contract's custom errors says to a person. Arguments stand in the contract's order. */
const sentences: Record<string, (args: Result) => string> = {
  NotGovernor: (a) => `Only the registry's governor may do this, and ${a[0]} is not.`,
  NotGovernorCandidate: (a) => `${a[0]} was not offered the governor's place.`,
  NotAdmin: (a) => `Only an admin of the organisation may do this, and ${a[1]} is not.`,
  NotSigner: (a) => `${a[1]} is not a current signer of the organisation.`,
  NotAllowedToRevoke: (a) =>
    `Only an admin, or a signer who approved the claim, may revoke it; ${a[1]} is neither.`,
  UnknownOrganisation: () => "There is no such organisation in the registry.",
  OrganisationExists: () => "There is already an organisation of this name.",
  NameInvalid: (a) =>
    `${quote(a[0])} cannot name an organisation: use 1 to 63 of a-z, 0-9 and '-', not at either end.`,
  NamespaceInvalid: (a) => `${quote(a[0])} is not a repository prefix such as docker.io/acme.`,
  NamespaceTaken: (a) => `The namespace ${quote(a[0])} overlaps one that another organisation owns.`,
  NamespaceNotOwned: (a) => `The organisation does not own the namespace ${quote(a[0])}.`,
  AlreadyAdmin: (a) => `${a[1]} is already an admin of the organisation.`,
  AlreadySigner: (a) => `${a[1]} is already a signer of the organisation.`,
  WasSigner: (a) => `${a[1]} was a signer of the organisation before; a key that left does not come back.`,
  LastAdmin: () => "The last admin of an organisation cannot leave.",
  TooMany: (a) => `At most ${a[1]} ${a[0]} are allowed.`,
  TooLong: (a) => `The ${a[0]} is longer than ${a[1]} bytes.`,
  ThresholdInvalid: (a) => `A threshold of ${a[0]} does not fit ${a[1]} signers.`,
  VoidInFuture: () => "A signer cannot be voided from a moment that lies in the future.",
  AlreadyVoided: (a) => `${a[1]} is voided since ${time(a[2])} already; a void only moves back in time.`,
  AddressZero: () => "The zero address cannot take this place.",
  UnknownRecord: () => "There is no such claim in the registry.",
  ClaimEmpty: () => "A claim must name at least one digest.",
  KindInvalid: (a) => `${a[0]} is not a kind of digest.`,
  DigestZero: () => "A digest of zeros is none.",
  DigestsMissing: () => "A revocation must name at least one digest.",
  IssuedInFuture: (a) =>
    `The claim is dated ${time(a[0])}, which is ahead of the chain's time ${time(a[1])}.`,
  ClaimExpired: (a) => `The claim expired at ${time(a[0])}; the chain's time is ${time(a[1])}.`,
  ClaimAlreadyRevoked: () => "The claim is already revoked, for good.",
  DigestAlreadyRevoked: (a) => `The organisation has revoked sha256:${String(a[1]).slice(2)}, for good.`,
  AnnotationsMismatch: () => "The annotations are not the ones that were signed.",
  ApprovalsMissing: () => "A claim needs at least one signature.",
  BatchPending: () =>
    "The claim was signed in a batch that still waits: every claim of the batch must be sent again.",
  ClaimsMissing: () => "A batch must hold at least one claim.",
  OrganisationsDiffer: () => "The claims of a batch must be of one organisation.",
  AnnotationsMissing: (a) => `${a[0]} claims came with annotations for ${a[1]}.`,
  IndexInvalid: (a) => `There is no claim ${a[0]} in a batch of ${a[1]}.`,
  SignatureInvalid: (a) => `The signature is not ${a[0]}'s over this claim on this chain and registry.`,
  AddressEmptyCode: (a) => `There is no contract at ${a[0]}.`,
  FailedCall: () => "One of the acts that were sent together failed without a reason.",
  PageInvalid: () => "At most 200 organisations are listed at once.",
};

/**
 * The rule of the contract that refused, as a sentence.
 * @param data revert data as hex
 * @returns undefined where the data is not one of the registry's errors
 */
export function ruleViolation(contract: Interface, data: string): DaoChainError | undefined {
  try {
    const error = contract.parseError(data);
    const sentence = error === null ? undefined : sentences[error.name]?.(error.args);
    return sentence === undefined ? undefined : new DaoChainError("RULE_VIOLATED", sentence);
  } catch {
    return undefined;
  }
}

/** The errors that have a sentence; a test holds them against the contract's. */
export const ruleNames: readonly string[] = Object.keys(sentences);

function quote(text: unknown): string {
  return JSON.stringify(String(text).slice(0, 300));
}

function time(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
