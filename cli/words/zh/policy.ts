export const policy: typeof import("../en/policy.ts").policy = {};
