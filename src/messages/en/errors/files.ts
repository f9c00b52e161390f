import type { ErrorTable } from "../../errors.ts";

/** What happens with files, homes and locks. */
export const filesErrors = {
  PATH_CLOSED: {
    outcome: "inconclusive",
    message: "{path} cannot be looked at: permission is denied.",
    hint: "Run the command as the user whose it is.",
  },
} as const satisfies ErrorTable;
