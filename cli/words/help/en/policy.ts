export const policyHelp = {};
