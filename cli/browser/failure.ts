/**
 * What went wrong: the library's error as it was thrown, or what has as much of another one. Message and hint are English; whoever shows it
 * makes the sentences in the reader's language. They are not yet stripped of control characters.
 */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
  /** what the library's sentences tell of */
  readonly values?: Readonly<Record<string, unknown>>;
}

/** The code of what no error of the library's is. */
export const defect = "DEFECT";

/** What there is to show of an error. The library's class is not asked for: it is loaded later than this. */
export function toFailure(error: unknown): Failure {
  if (isLibrarys(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return { code: defect, message, hint: undefined };
}

function isLibrarys(error: unknown): error is Error & Failure {
  return error instanceof Error && error.name === "DaoChainError" && "code" in error && "hint" in error;
}

export function isCancelled(error: unknown): boolean {
  return toFailure(error).code === "CANCELLED";
}
