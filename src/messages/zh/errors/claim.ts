export const claimErrors = {
  DIGEST_INVALID: {
    message: "{digest} 不是 SHA-256 摘要。",
    hint: "摘要写作 sha256: 加 64 位小写十六进制数字。",
  },
  CLAIM_INVALID: { message: "声明无效：{reason}。", hint: "docs/specs/claim.md 说明了声明可以包含什么。" },
  BATCH_INVALID: { message: "批次无效：{reason}。", hint: "docs/specs/claim.md 说明了批次可以包含什么。" },
  ANNOTATIONS_INVALID: {
    message: "注解无效：{reason}。",
    hint: "注解是带文本的名称，最多 64 个，作为 JSON 不超过 8192 字节。",
  },
  CLAIM_FILE_INVALID: {
    message: "该文件不包含已签名的声明，或已被改动。",
    hint: "此类文件由 daochain sign --output FILE 写出。",
  },
} as const;
