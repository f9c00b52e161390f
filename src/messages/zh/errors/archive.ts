export const archiveErrors = {} as const;
