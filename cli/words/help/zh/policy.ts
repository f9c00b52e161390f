export const policyHelp: typeof import("../en/policy.ts").policyHelp = {};
