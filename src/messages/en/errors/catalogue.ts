import type { ErrorTable } from "../../errors.ts";

/** What happens with the index of the chain. */
export const catalogueErrors = {
  INDEX_UNREADABLE: {
    outcome: "inconclusive",
    message: "The index {file} cannot be read.",
    hint: "What it holds is on the chain. Delete it, and the next daochain search or daochain images makes it anew.",
  },
} as const satisfies ErrorTable;
