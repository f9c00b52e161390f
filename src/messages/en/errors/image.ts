import type { ErrorTable } from "../../errors.ts";

/** What happens with images, whatever place they lie in. */
export const imageErrors = {} as const satisfies ErrorTable;
