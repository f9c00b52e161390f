export const embeddedChainMessages = {
  "chain-not-answering": "链的进程 {pid} 没有应答。",
  "chain-uses-memory": "链使用了 {megabytes} MB 内存，超过可用量的 60%；其全部历史都在内存中。",
  "chain-is-long":
    "链有 {blocks} 个区块，全部保存在内存中（{megabytes} MB），每次启动都会重新执行（上次用时 {seconds} 秒）。如需更多，请改用多台机器的网络。",
  "port-taken": "另一个进程正在监听它",
} as const;
