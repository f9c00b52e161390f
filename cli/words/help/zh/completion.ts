export const completionHelp: typeof import("../en/completion.ts").completionHelp = {};
