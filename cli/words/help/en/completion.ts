export const completionHelp = {};
