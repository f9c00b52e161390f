export const contractErrors = {
  BLOCK_MISSING: {
    message: "链 {chain} 没有区块 {block}。",
    hint: "daochain status 会显示它的最新区块。",
  },
  ORGANISATION_NOT_FOUND: {
    message: "注册合约中没有名为 {name} 的组织。",
    hint: "daochain org list 会列出它所知道的组织。",
  },
} as const;
