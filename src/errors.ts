import {
  type ErrorArguments,
  type ErrorCode,
  type ErrorEntry,
  type ErrorOutcome,
  errors,
} from "./messages/errors.ts";
import type { Message } from "./messages/message.ts";
import { fill, type Value } from "./messages/template.ts";

export type { ErrorCode, ErrorOutcome } from "./messages/errors.ts";

type Values = Readonly<Record<string, Value>>;
type Options = {
  /** what to do next, where that differs from case to case and the table has none */
  readonly advice?: Message | undefined;
  /** what failed besides, and is told with it */
  readonly beside?: DaoChainError | undefined;
  readonly cause?: unknown;
};

/** The one error type of this library. Anything else that is thrown is a defect. */
export class DaoChainError extends Error {
  override readonly name = "DaoChainError";
  /** stable, to script against */
  readonly code: ErrorCode;
  /** what its sentences tell of */
  readonly values: Values;
  /** what to do next, in English; undefined where the message says it all */
  readonly hint: string | undefined;
  readonly advice: Message | undefined;
  readonly beside: DaoChainError | undefined;

  /** Of the library's own: `failure` checks that the values are those of the code's sentences. */
  constructor(code: ErrorCode, values: Values, { advice, beside, cause }: Options = {}) {
    const entry: ErrorEntry = errors[code];
    const message = fill(entry.message, values);
    super(
      beside === undefined ? message : `${message} ${beside.message}`,
      cause === undefined ? undefined : { cause },
    );
    this.code = code;
    this.values = values;
    this.advice = advice;
    this.beside = beside;
    this.hint = advice?.toString() ?? (entry.hint === undefined ? undefined : fill(entry.hint, values));
  }

  get outcome(): ErrorOutcome {
    return errors[this.code].outcome;
  }

  /** As a part of another sentence. */
  override toString(): string {
    return this.message;
  }
}

/** What to do about an error, as a part of another sentence: English as text, and in a person's language where it is shown. */
export class Advice {
  readonly error: DaoChainError;

  constructor(error: DaoChainError) {
    this.error = error;
  }

  toString(): string {
    return this.error.hint ?? "";
  }
}

/**
 * An error of the table.
 * @param values what its message and hint tell of; nothing where they have no places
 * @param options.cause the error underneath
 */
export function failure<Code extends ErrorCode>(
  code: Code,
  ...[values, options]: ErrorArguments<Code>
): DaoChainError {
  return new DaoChainError(code, values ?? {}, options);
}

/** That the caller asked to stop. @param cause what was thrown when it did */
export function cancelled(cause?: unknown): DaoChainError {
  return failure("CANCELLED", {}, { cause });
}

/**
 * Whether something that was thrown is an error of the table.
 * @param codes those that are meant; any where none is given
 */
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
