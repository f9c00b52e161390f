import type { ErrorTable } from "../../errors.ts";

/** What happens with the registry contract. */
export const contractErrors = {} as const satisfies ErrorTable;
