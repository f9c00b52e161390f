/** What operations tell beside their result. */
export const operationMessages = {} as const;
