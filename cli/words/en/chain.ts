export const chain = {};
