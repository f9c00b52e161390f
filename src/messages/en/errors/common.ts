import type { ErrorTable } from "../../errors.ts";

/** What happens anywhere. */
export const commonErrors = {
  CANCELLED: { outcome: "cancelled", message: "Cancelled." },
} as const satisfies ErrorTable;
