export const catalogueErrors = {
  INDEX_FAILED: {
    message: "无法打开、读取或写入索引 {path}。",
    hint: "请检查是否有写入权限；其内容都在链上，因此可以删除它。",
  },
  INDEX_BUSY: { message: "索引 {path} 正被另一个进程占用。", hint: "请结束占用它的进程，或重试。" },
  INDEX_OF_OTHER_CHAIN: {
    message: "该索引是为另一条链打开的。",
    hint: "请关闭它，并用此连接的配置文件打开。",
  },
  SQLITE_MISSING: {
    message: "Node {version} 没有索引所需的 SQLite。",
    hint: "请使用 Node 22.13 或更高版本。",
  },
  BLOCK_UNTOLD: { message: "{endpoint} 处的链没有给出区块 {block}。" },
  RECEIPT_UNTOLD: { message: "{endpoint} 处的链没有给出交易 {transaction} 的事件。" },
  RECORD_UNTOLD: {
    message: "{endpoint} 处的链没有给出某条记录在区块 {block} 的状态。",
    hint: "此端点可能已丢弃该区块的状态：请重试，或改用其他端点。",
  },
  BLOCK_TOO_LARGE: { message: "{endpoint} 处的链在一个区块中有超过 {limit} 个事件。" },
  CHAIN_KEEPS_CHANGING: {
    message: "{endpoint} 处的链每次给出的区块都不同。",
    hint: "请改用其他端点；此端点后面可能是多条链的节点。",
  },
  HISTORY_IMPOSSIBLE: {
    message: "{endpoint} 处的链给出的注册合约历史不可能成立：{detail}。",
    hint: "不要信任此端点；请改用其他端点。",
  },
  VOID_UNSETTLED: { message: "某个签名者已被作废，正在读取其签名中仍有效的部分。", hint: "请稍后再试。" },
  HEAD_UNREADABLE: { message: "任何人都无法读取 {name} 现在所指的内容。", hint: "请重新签名。" },
  INDEX_UNREADABLE: {
    message: "无法读取索引 {file}。",
    hint: "其中的内容链上都有。删除它，下一次 daochain search 或 daochain images 会重新建立。",
  },
} as const;
