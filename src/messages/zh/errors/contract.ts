export const contractErrors = {} as const;
