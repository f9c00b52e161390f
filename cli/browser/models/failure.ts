/** What went wrong, as it may be shown. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint: string | undefined;
}

/** An error as it may be shown. The library's class is not asked for: it is loaded later than this. */
export function toFailure(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: "DEFECT", message: String(error), hint: undefined };
  if (error.name !== "DaoChainError" || !("code" in error)) {
    return { code: "DEFECT", message: `An unexpected error: ${error.message}`, hint: undefined };
  }
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { code: String(error.code), message: error.message, hint };
}

export function isCancelled(error: unknown): boolean {
  return toFailure(error).code === "CANCELLED";
}
