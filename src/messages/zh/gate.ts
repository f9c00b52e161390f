export const gateMessages = {} as const;
