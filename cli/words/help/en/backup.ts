export const backupHelp = {};
