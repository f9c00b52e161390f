export const gateHelp = {};
