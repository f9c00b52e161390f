import type { ErrorOutcome } from "../src/internal.ts";

/** What the process ends with where no verdict decides (those have their own table, verdictStatuses). */
export const exitCodes = {
  success: 0,
  /** an unexpected error, shown with its stack */
  defect: 1,
  /** wrong usage or configuration */
  usage: 2,
  corrupt: 18,
  inconclusive: 20,
  /** 128 + SIGINT, as shells have it */
  cancelled: 130,
} as const satisfies Record<ErrorOutcome, number> & Record<string, number>;
