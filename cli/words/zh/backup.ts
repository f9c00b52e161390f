export const backup: typeof import("../en/backup.ts").backup = {};
