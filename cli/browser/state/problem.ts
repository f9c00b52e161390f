/** What went wrong, for people; not yet plain. */
export interface Problem {
  readonly message: string;
  readonly hint: string | undefined;
}

export function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { message: String(error), hint: undefined };
  const hint = "hint" in error && typeof error.hint === "string" ? error.hint : undefined;
  return { message: error.message, hint };
}
