export const accountMessages = {
  "key-keeper": "密钥的保管者",
} as const;
