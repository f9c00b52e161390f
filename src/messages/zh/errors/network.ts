export const networkErrors = {
  CHAIN_MISSING: { message: "{directory} 下还没有链。", hint: "运行 daochain up 创建一条。" },
  CHAIN_NOT_RUNNING: { message: "内嵌链没有运行。", hint: "用 daochain up 启动它。" },
  RPC_URL_MISSING: {
    message: "网络配置文件 {path} 没有给出 RPC URL。",
    hint: "请在其 rpcUrls 中写入一个，或设置 DAOCHAIN_RPC_URL。",
  },
  NETWORK_PROFILE_INVALID: {
    message: "网络配置文件 {path} 无效：缺少 {field}，或其值有误。",
    hint: "修复它，或将其移走后运行 daochain up。",
  },
} as const;
