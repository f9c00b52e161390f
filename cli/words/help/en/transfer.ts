export const transferHelp = {};
