export const imageHelp = {};
