/** The pages, in the order of their tabs. */
export const pageNames = ["local", "organisation", "market", "account"] as const;
export type PageName = (typeof pageNames)[number];
