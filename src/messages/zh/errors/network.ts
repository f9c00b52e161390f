export const networkErrors = {
  CHAIN_MISSING: {
    message: "{directory} 下还没有链。",
    hint: "运行 daochain up 创建一条。",
  },
} as const;
