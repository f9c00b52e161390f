export const embeddedChainErrors = {
  CHAIN_RUNNING: {
    message: "链已在运行，进程 {pid}。",
    hint: "先用 daochain down 停止它，再运行 daochain up --foreground。",
  },
  SERVICE_WITHOUT_CHAIN: { message: "主目录 {home} 跟随一个网络；它没有可由服务运行的自有链。" },
  SERVICE_SILENT: {
    message: "作为服务，链在 {seconds} 秒内没有应答。",
    hint: "{command} 会说明原因。一切恢复如前。",
  },
} as const;
