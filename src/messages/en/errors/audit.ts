import type { ErrorTable } from "../../errors.ts";

/** What happens with what an audit reads. */
export const auditErrors = {} as const satisfies ErrorTable;
