import type { ErrorTable } from "../../errors.ts";

/** What happens with policies. */
export const policyErrors = {
  POLICY_UNREADABLE: {
    outcome: "usage",
    message: "{path} cannot be read as policies: {reason}.",
    hint: "docs/policy.md describes policies.",
  },
  POLICY_INVALID: {
    outcome: "usage",
    message: "{path}: {place} {rule}.",
    hint: "docs/policy.md describes policies.",
  },
  POLICY_FILE_MISSING: {
    outcome: "usage",
    message: "There is no policy file {path}.",
    hint: "daochain policy init makes one.",
  },
} as const satisfies ErrorTable;
