import type { ErrorTable } from "../../errors.ts";

/** What happens with digests, claims and signed claims. */
export const claimErrors = {
  DIGEST_INVALID: {
    outcome: "usage",
    message: "{digest} is not a SHA-256 digest.",
    hint: "A digest is written sha256: followed by 64 lowercase hex digits.",
  },
  CLAIM_INVALID: {
    outcome: "usage",
    message: "The claim is not valid: {reason}.",
    hint: "docs/specs/claim.md says what a claim may hold.",
  },
  BATCH_INVALID: {
    outcome: "usage",
    message: "The batch is not valid: {reason}.",
    hint: "docs/specs/claim.md says what a batch may hold.",
  },
  ANNOTATIONS_INVALID: {
    outcome: "usage",
    message: "The annotations are not valid: {reason}.",
    hint: "Annotations are names with texts, at most 64 of them and 8192 bytes as JSON.",
  },
  CLAIM_FILE_INVALID: {
    outcome: "usage",
    message: "The file does not hold a signed claim, or it was altered.",
    hint: "Such files are written by daochain sign --output FILE.",
  },
} as const satisfies ErrorTable;
