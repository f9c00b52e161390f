export const transferHelp: typeof import("../en/transfer.ts").transferHelp = {};
