export const imageMessages = {} as const;
