import type { ErrorTable } from "../../errors.ts";

/** What happens with the command line. */
export const commandLineErrors = {} as const satisfies ErrorTable;
