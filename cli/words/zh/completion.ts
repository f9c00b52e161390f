export const completion: typeof import("../en/completion.ts").completion = {};
