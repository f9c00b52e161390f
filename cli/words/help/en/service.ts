export const serviceHelp = {};
