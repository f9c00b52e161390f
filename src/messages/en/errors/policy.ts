import type { ErrorTable } from "../../errors.ts";

/** What happens with policies. */
export const policyErrors = {} as const satisfies ErrorTable;
