/** What operations tell beside their result. */
export const operationMessages = {
  "chain-not-asked": "the chain was not asked, so more may stand in the way: {error}",
  "not-a-signer": "{signer} is not a current signer of {organisation}",
  "revoked-while-pending": "{organisation} revoked it while it waited for signatures",
  "expired-while-pending": "it expired before it had the signatures that it needs",
} as const;
