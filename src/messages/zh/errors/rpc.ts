export const rpcErrors = {
  RPC_URL_INVALID: {
    message: "链的 RPC URL 不是 http、https 或 unix URL。",
    hint: "请检查 DAOCHAIN_RPC_URL 或网络配置文件。",
  },
  CHAIN_UNREACHABLE: {
    message: "无法连接 {endpoint} 处的链：{reason}。",
    hint: "请检查 URL（DAOCHAIN_RPC_URL 或网络配置文件）以及网络连接；内嵌链用 daochain up 启动。",
  },
  CHAIN_DENIED: {
    message: "{endpoint} 处的链拒绝此客户端：返回 HTTP 状态 {status}。",
    hint: "请检查其 URL 中的用户、密码或令牌，以及访问权限。",
  },
  CHAIN_HTTP_FAILED: {
    message: "{endpoint} 处的链返回 HTTP 状态 {status}。",
    hint: "请检查 URL（DAOCHAIN_RPC_URL 或网络配置文件），或稍后重试。",
  },
  CHAIN_NOT_JSON_RPC: {
    message: "端点 {endpoint} 的应答不符合 JSON-RPC；它似乎不是链。",
    hint: "请检查 DAOCHAIN_RPC_URL 或网络配置文件。",
  },
  CHAIN_ANSWER_TOO_LARGE: { message: "{endpoint} 处的链返回的应答超过 {limit} 字节。" },
  CHAIN_UNIDENTIFIED: {
    message: "端点 {endpoint} 没有给出链 ID 和创世区块；它似乎不是以太坊链。",
    hint: "请检查 DAOCHAIN_RPC_URL 或网络配置文件。",
  },
} as const;
