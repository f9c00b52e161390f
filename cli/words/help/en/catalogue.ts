export const catalogueHelp = {};
