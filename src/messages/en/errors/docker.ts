import type { ErrorTable } from "../../errors.ts";

/** What happens with the Docker Engine. */
export const dockerErrors = {} as const satisfies ErrorTable;
