import type { ErrorTable } from "../../errors.ts";

/** What happens with the registry contract. */
export const contractErrors = {
  BLOCK_MISSING: {
    outcome: "inconclusive",
    message: "The chain at {chain} has no block {block}.",
    hint: "daochain status shows its newest block.",
  },
  ORGANISATION_NOT_FOUND: {
    outcome: "usage",
    message: "The registry knows no organisation named {name}.",
    hint: "daochain org list shows those that it knows.",
  },
} as const satisfies ErrorTable;
