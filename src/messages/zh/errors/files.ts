export const filesErrors = {} as const;
