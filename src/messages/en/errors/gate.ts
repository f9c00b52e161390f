import type { ErrorTable } from "../../errors.ts";

/** What happens with gates. */
export const gateErrors = {} as const satisfies ErrorTable;
