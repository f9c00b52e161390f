export const tuiHelp = {};
