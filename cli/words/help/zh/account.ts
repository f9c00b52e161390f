export const accountHelp: typeof import("../en/account.ts").accountHelp = {};
