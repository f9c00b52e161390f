export const imageRegistryErrors = {} as const;
