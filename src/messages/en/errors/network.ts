import type { ErrorTable } from "../../errors.ts";

/** What happens between a home and its network. */
export const networkErrors = {
  CHAIN_MISSING: {
    outcome: "inconclusive",
    message: "There is no chain under {directory} yet.",
    hint: "Run daochain up to make one.",
  },
} as const satisfies ErrorTable;
