export const policyErrors = {} as const;
