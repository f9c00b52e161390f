import type { ErrorTable } from "../../errors.ts";

/** What happens with the registry contract. */
export const contractErrors = {
  BLOCK_MISSING: {
    outcome: "inconclusive",
    message: "The chain at {chain} has no block {block}.",
    hint: "daochain status shows its newest block.",
  },
} as const satisfies ErrorTable;
