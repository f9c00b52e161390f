import { verdictMessages } from "./en/verdict.ts";

/** Every message but the errors, by its code, in English. Codes are words with hyphens; each stands in the file of its room. */
export const english = { ...verdictMessages } as const;

export type English = typeof english;
