import type { ErrorTable } from "../../errors.ts";

/** What happens with the index of the chain. */
export const catalogueErrors = {} as const satisfies ErrorTable;
