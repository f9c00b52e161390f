import type { ErrorTable } from "../../errors.ts";

/** What happens with the embedded chain. */
export const embeddedChainErrors = {} as const satisfies ErrorTable;
