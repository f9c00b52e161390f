import type { ErrorTable } from "../../errors.ts";

/** What happens with image registries. */
export const imageRegistryErrors = {} as const satisfies ErrorTable;
