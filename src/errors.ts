/**
 * Every error that DaoChain foresees, by its stable code, with the outcome that a caller may draw from it:
 *
 * - `usage`: the caller must change what was typed or configured (exit code 2);
 * - `inconclusive`: something outside could not be asked, or what it said does not suffice (exit code 20);
 * - `corrupt`: bytes are not what they are said to be (exit code 18);
 * - `cancelled`: the caller asked to stop (exit code 130).
 */
export const errorOutcomes = {
  USAGE: "usage",
  CONFIGURATION_INVALID: "usage",
  REFERENCE_INVALID: "usage",
  DIGEST_INVALID: "usage",
  CLAIM_INVALID: "usage",
  ACCOUNT_NOT_FOUND: "usage",
  ACCOUNT_EXISTS: "usage",
  KEY_INVALID: "usage",
  KEYSTORE_INVALID: "usage",
  PASSWORD_MISSING: "usage",
  PASSWORD_WRONG: "usage",
  ORGANISATION_NOT_FOUND: "usage",
  RULE_VIOLATED: "usage",
  SIGNER_REFUSED: "usage",
  IMAGE_NOT_FOUND: "inconclusive",
  IMAGE_UNSUPPORTED: "inconclusive",
  IMAGE_UNREADABLE: "inconclusive",
  LIMIT_EXCEEDED: "inconclusive",
  DOCKER_UNREACHABLE: "inconclusive",
  DOCKER_FAILED: "inconclusive",
  REGISTRY_UNREACHABLE: "inconclusive",
  REGISTRY_FAILED: "inconclusive",
  REGISTRY_DENIED: "inconclusive",
  CHAIN_NOT_RUNNING: "inconclusive",
  CHAIN_UNREACHABLE: "inconclusive",
  CHAIN_FAILED: "inconclusive",
  CHAIN_NOT_PINNED: "inconclusive",
  CHAIN_LOCKED: "inconclusive",
  JOURNAL_INVALID: "inconclusive",
  CATALOGUE_FAILED: "inconclusive",
  SIGNER_UNREACHABLE: "inconclusive",
  SIGNER_FAILED: "inconclusive",
  NO_SPACE: "inconclusive",
  IMAGE_CORRUPT: "corrupt",
  CANCELLED: "cancelled",
} as const;

export type ErrorCode = keyof typeof errorOutcomes;
export type ErrorOutcome = (typeof errorOutcomes)[ErrorCode];

/** The one error type of this library. Anything else that is thrown is a defect. */
export class DaoChainError extends Error {
  override readonly name = "DaoChainError";
  readonly code: ErrorCode;
  /** What to do next, as one sentence; absent where the message says it all. */
  readonly hint: string | undefined;

  /**
   * @param code stable code to script against
   * @param message what happened and with which input, one sentence, no secrets
   * @param options.hint what to do next, one sentence
   * @param options.cause the error underneath
   */
  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  get outcome(): ErrorOutcome {
    return errorOutcomes[this.code];
  }
}

/** The error as a DaoChainError when it is one with one of the codes given (or any, if none is given). */
export function isDaoChainError(error: unknown, ...codes: ErrorCode[]): error is DaoChainError {
  return error instanceof DaoChainError && (codes.length === 0 || codes.includes(error.code));
}

/** A system error's code, such as ENOENT, wherever it stands in the chain of causes. */
export function systemErrorCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth++) {
    if ("code" in at && typeof at.code === "string" && !(at instanceof DaoChainError)) return at.code;
  }
  return undefined;
}
