/** What gates tell. */
export const gateMessages = {} as const;
