import type { ErrorTable } from "../../errors.ts";

/** What happens with claims and signatures. */
export const claimErrors = {} as const satisfies ErrorTable;
