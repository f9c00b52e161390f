import type { ErrorTable } from "../../errors.ts";

/** What happens with files, homes and locks. */
export const filesErrors = {} as const satisfies ErrorTable;
