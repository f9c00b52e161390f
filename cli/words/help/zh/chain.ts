export const chainHelp: typeof import("../en/chain.ts").chainHelp = {};
