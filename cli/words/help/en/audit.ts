export const auditHelp = {};
