import type { ErrorTable } from "../../errors.ts";

/** What happens with accounts, keys and signers. */
export const accountErrors = {
  PASSWORD_TOO_SHORT: {
    outcome: "usage",
    message: "The new password is too short.",
    hint: "Choose one of at least {least} characters.",
  },
} as const satisfies ErrorTable;
