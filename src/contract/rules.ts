import type { Interface, Result } from "ethers";
import { type DaoChainError, failure } from "../errors.ts";

/**
 * What each of the contract's custom errors says to a person. Arguments stand in the contract's order; organisations are known by their
 * ids here, and are given their names by whoever can ask for them (`nameOrganisation`).
 */
const rules: Record<string, (args: Result) => DaoChainError> = {
  NotGovernor: (a) => failure("NOT_GOVERNOR", { address: text(a[0]) }),
  NotGovernorCandidate: (a) => failure("NOT_GOVERNOR_CANDIDATE", { address: text(a[0]) }),
  NotAdmin: (a) => failure("NOT_ADMIN", { organisation: text(a[0]), address: text(a[1]) }),
  NotSigner: (a) => failure("NOT_SIGNER", { organisation: text(a[0]), address: text(a[1]) }),
  NotAllowedToRevoke: (a) => failure("REVOCATION_REFUSED", { organisation: text(a[0]), address: text(a[1]) }),
  UnknownOrganisation: (a) => failure("ORGANISATION_UNKNOWN", { organisation: text(a[0]) }),
  OrganisationExists: (a) => failure("ORGANISATION_EXISTS", { organisation: text(a[0]) }),
  NameInvalid: (a) => failure("ORGANISATION_NAME_INVALID", { name: quote(a[0]) }),
  NamespaceInvalid: (a) => failure("NAMESPACE_INVALID", { namespace: quote(a[0]) }),
  NamespaceTaken: (a) => failure("NAMESPACE_TAKEN", { namespace: quote(a[0]), organisation: text(a[1]) }),
  NamespaceNotOwned: (a) =>
    failure("NAMESPACE_NOT_OWNED", { namespace: quote(a[0]), organisation: text(a[1]) }),
  AlreadyAdmin: (a) => failure("ALREADY_ADMIN", { organisation: text(a[0]), address: text(a[1]) }),
  AlreadySigner: (a) => failure("ALREADY_SIGNER", { organisation: text(a[0]), address: text(a[1]) }),
  WasSigner: (a) => failure("WAS_SIGNER", { organisation: text(a[0]), address: text(a[1]) }),
  LastAdmin: (a) => failure("LAST_ADMIN", { organisation: text(a[0]) }),
  TooMany: (a) => failure("CONTRACT_LIMIT", { what: text(a[0]), limit: text(a[1]) }),
  TooLong: (a) => failure("TEXT_TOO_LONG", { what: text(a[0]), limit: text(a[1]) }),
  // It does not say whose; as in help texts until it is known.
  ThresholdInvalid: (a) =>
    failure("THRESHOLD_OUT_OF_RANGE", { threshold: text(a[0]), signers: text(a[1]), organisation: "ORG" }),
  VoidInFuture: (a) => failure("VOID_IN_FUTURE", { since: time(a[0]) }),
  AlreadyVoided: (a) => failure("ALREADY_VOIDED", { address: text(a[1]), since: time(a[2]) }),
  AddressZero: () => failure("ADDRESS_ZERO"),
  UnknownRecord: (a) => failure("CLAIM_UNKNOWN", { claim: text(a[0]) }),
  ClaimEmpty: () => failure("CLAIM_EMPTY"),
  KindInvalid: (a) => failure("DIGEST_KIND_INVALID", { kind: text(a[0]) }),
  DigestZero: () => failure("DIGEST_ZERO"),
  DigestsMissing: () => failure("REVOCATION_EMPTY"),
  IssuedInFuture: (a) => failure("CLAIM_FROM_FUTURE", { issuedAt: time(a[0]), blockTime: time(a[1]) }),
  ClaimExpired: (a) => failure("CLAIM_EXPIRED", { expiresAt: time(a[0]), blockTime: time(a[1]) }),
  ClaimAlreadyRevoked: (a) => failure("CLAIM_ALREADY_REVOKED", { claim: text(a[0]) }),
  DigestAlreadyRevoked: (a) =>
    failure("DIGEST_ALREADY_REVOKED", { organisation: text(a[0]), digest: `sha256:${text(a[1]).slice(2)}` }),
  AnnotationsMismatch: () => failure("ANNOTATIONS_DIFFER"),
  ApprovalsMissing: () => failure("SIGNATURES_MISSING"),
  BatchPending: () => failure("BATCH_INCOMPLETE"),
  ClaimsMissing: () => failure("BATCH_EMPTY"),
  OrganisationsDiffer: () => failure("BATCH_MIXED"),
  AnnotationsMissing: (a) =>
    failure("BATCH_ANNOTATIONS_MISSING", { claims: text(a[0]), annotations: text(a[1]) }),
  IndexInvalid: (a) => failure("BATCH_INDEX_INVALID", { index: text(a[0]), length: text(a[1]) }),
  SignatureInvalid: (a) => failure("SIGNATURE_INVALID", { address: text(a[0]) }),
  AddressEmptyCode: (a) => failure("CONTRACT_ADDRESS_EMPTY", { address: text(a[0]) }),
  FailedCall: () => failure("CALL_FAILED"),
  PageInvalid: () => failure("PAGE_INVALID", { limit: pageSize }),
};

/** Organisations that the contract lists at once. */
export const pageSize = 200;

/**
 * The rule of the contract that refused, as an error for people.
 * @param data revert data as hex
 * @returns undefined where the data is not one of the registry's errors
 */
export function ruleViolation(contract: Interface, data: string): DaoChainError | undefined {
  try {
    const error = contract.parseError(data);
    return error === null ? undefined : rules[error.name]?.(error.args);
  } catch {
    return undefined;
  }
}

/** The errors that have a sentence; a test holds them against the contract's. */
export const ruleNames: readonly string[] = Object.keys(rules);

/** The organisation that a rule's error is about, by its id. @param other where the rule does not say */
export function organisationIn({ values }: DaoChainError, other: unknown): string | undefined {
  if (values["organisation"] === undefined) return undefined;
  return [values["organisation"], other].find(isId);
}

/** The same error, with an organisation's name in its id's place. */
export function nameOrganisation({ code, values, cause }: DaoChainError, name: string): DaoChainError {
  return failure(code, { ...values, organisation: name } as never, { cause });
}

function isId(value: unknown): value is string {
  return typeof value === "string" && /^0x[0-9a-f]{64}$/.test(value);
}

function text(value: unknown): string {
  return String(value).slice(0, 300);
}

function quote(value: unknown): string {
  return JSON.stringify(text(value));
}

function time(seconds: unknown): string {
  const date = new Date(Number(seconds) * 1000);
  return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString();
}
