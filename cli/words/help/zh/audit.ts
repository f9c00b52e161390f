export const auditHelp: typeof import("../en/audit.ts").auditHelp = {};
