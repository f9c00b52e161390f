export const operationMessages = {
  "chain-not-asked": "没有询问链，因此可能还有其他阻碍：{error}",
  "not-a-signer": "{signer} 不是 {organisation} 的现任签名者",
  "revoked-while-pending": "它在等待签名期间被 {organisation} 撤销",
  "expired-while-pending": "它在得到所需的签名之前已过期",
} as const;
