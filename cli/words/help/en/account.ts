export const accountHelp = {};
