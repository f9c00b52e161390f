import type { RegistryAct } from "../../../src/internal.ts";

/** What was done in the registry, or found running, by the name that JSON has for it. */
export const acts = {
  claimed: "claimed",
  approved: "approved",
  "revoked claim": "revoked claim",
  "revoked digest": "revoked digest",
  "governor offered": "governor offered",
  "governor changed": "governor changed",
  "organisation admitted": "organisation admitted",
  "namespace added": "namespace added",
  "namespace removed": "namespace removed",
  "admin added": "admin added",
  "admin removed": "admin removed",
  "signer added": "signer added",
  "signer retired": "signer retired",
  "signer voided": "signer voided",
  "threshold changed": "threshold changed",
  "display name changed": "display name changed",
  "still running": "still running",
} satisfies Record<RegistryAct | "still running", string>;
