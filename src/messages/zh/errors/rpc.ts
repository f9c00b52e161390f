export const rpcErrors = {} as const;
