export const embeddedChainErrors = {} as const;
