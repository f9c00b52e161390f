export const embeddedChainErrors = {
  CHAIN_RUNNING: {
    message: "链已在运行，进程 {pid}。",
    hint: "先用 daochain down 停止它，再运行 daochain up --foreground。",
  },
} as const;
