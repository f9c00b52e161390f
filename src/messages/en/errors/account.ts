import type { ErrorTable } from "../../errors.ts";

/** What happens with accounts, keys and signers. */
export const accountErrors = {} as const satisfies ErrorTable;
