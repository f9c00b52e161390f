import type { ErrorTable } from "../../errors.ts";

/** What happens with operations that change the chain. */
export const operationErrors = {} as const satisfies ErrorTable;
