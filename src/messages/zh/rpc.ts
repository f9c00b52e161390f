export const rpcMessages = {
  "no-answer-in-time": "它没有在 {seconds} 秒内应答",
  "connection-broke": "连接中断",
  "connection-refused": "该处没有服务在监听",
  "host-not-found": "无法解析其主机名",
} as const;
