export const backupHelp: typeof import("../en/backup.ts").backupHelp = {};
