/** What is recorded on the chain, in words. */
export const historyMessages = {} as const;
