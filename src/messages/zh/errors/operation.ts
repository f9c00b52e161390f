export const operationErrors = {} as const;
