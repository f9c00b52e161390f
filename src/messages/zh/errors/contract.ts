export const contractErrors = {
  BLOCK_MISSING: {
    message: "链 {chain} 没有区块 {block}。",
    hint: "daochain status 会显示它的最新区块。",
  },
} as const;
