export const chainHelp = {};
