/** What is pinned of a chain. */
export const contractMessages = {
  "pinned-chain-id": "chain id",
  "pinned-genesis-hash": "genesis hash",
} as const;
