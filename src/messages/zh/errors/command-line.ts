export const commandLineErrors = {} as const;
