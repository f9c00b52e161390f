export const gateErrors = {} as const;
