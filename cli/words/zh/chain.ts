export const chain: typeof import("../en/chain.ts").chain = {};
