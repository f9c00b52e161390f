import type { ErrorTable } from "../../errors.ts";

/** What happens with archives, layouts and layers. */
export const archiveErrors = {} as const satisfies ErrorTable;
