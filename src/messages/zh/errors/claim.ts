export const claimErrors = {} as const;
