export const contractMessages = {
  "pinned-chain-id": "链 ID",
  "pinned-genesis-hash": "创世哈希",
} as const;
