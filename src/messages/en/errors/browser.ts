import type { ErrorTable } from "../../errors.ts";

/** What happens in the image browser. */
export const browserErrors = {
  TERMINAL_MISSING: {
    outcome: "usage",
    message: "The image browser needs a terminal that can move its cursor.",
    hint: "Without one, daochain verify, search, images and log print the same.",
  },
  IMAGE_CHANGED: {
    outcome: "corrupt",
    message: "{image} is not the image {id} any more.",
    hint: "It was not signed. Look at what it is now, and sign that.",
  },
  CLAIM_CHANGED: {
    outcome: "inconclusive",
    message: "The claim {claim} is not what the chain told before.",
    hint: "It was not approved. Ask another endpoint of the chain, and look at the claim again.",
  },
  REVOCATION_CHANGED: {
    outcome: "usage",
    message: "By now, more would be revoked with {subject} than you were told.",
    hint: "Nothing was revoked. Look at what would be revoked now.",
  },
  ACCOUNT_IN_ENVIRONMENT: {
    outcome: "usage",
    message: "The key in {variable} is used instead of any account.",
    hint: "Start without {variable} to choose an account.",
  },
  HEAD_UNKNOWN: {
    outcome: "inconclusive",
    message: "The chain at {endpoint} does not tell its newest block.",
  },
} as const satisfies ErrorTable;
