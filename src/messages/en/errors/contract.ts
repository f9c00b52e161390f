import type { ErrorTable } from "../../errors.ts";

/** What happens with the registry contract. */
export const contractErrors = {
  ORGANISATION_NOT_FOUND: {
    outcome: "usage",
    message: "The registry knows no organisation named {name}.",
    hint: "daochain org list shows those that it knows.",
  },
} as const satisfies ErrorTable;
