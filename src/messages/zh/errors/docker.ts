export const dockerErrors = {} as const;
