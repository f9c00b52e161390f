import type { ErrorTable } from "../../errors.ts";

/** What happens with the way to a chain. */
export const rpcErrors = {} as const satisfies ErrorTable;
