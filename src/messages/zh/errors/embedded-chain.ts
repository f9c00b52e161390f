export const embeddedChainErrors = {
  CHAIN_LOCKED: {
    message: "另一个进程正在使用 {directory} 中的链。",
    hint: "找到该进程并结束它，或等它完成。",
  },
  CHAIN_NOT_ANSWERING: {
    message: "进程 {pid} 占用着 {directory} 中的链，但没有应答。",
    hint: "用 daochain down 结束它，再重新启动链。",
  },
  CHAIN_PROCESS_STUCK: { message: "链的进程 {pid} 没有结束。", hint: "请自行结束它：kill -9 {pid}。" },
  CHAIN_PROGRAM_MISSING: { message: "此安装缺少内嵌链的程序。", hint: "请重新安装 daochain。" },
  CHAIN_START_FAILED: {
    message: "无法启动链的进程：{reason}。",
    hint: "请检查本机是否还有可用的内存和进程，然后重新启动。",
  },
  CHAIN_PROCESS_ENDED: {
    message: "链的进程立即结束了（{how}）。",
    hint: "其日志（链目录中的 chain.log）可能说明原因。",
  },
  CHAIN_PROCESS_CRASHED: {
    message: "链的进程异常中止（{signal}）。",
    hint: "请重新启动：未告知任何人的区块届时会被搁置。其日志（链目录中的 chain.log）可能说明原因。",
  },
  CHAIN_PROCESS_FAILED: { message: "链的进程出错。", hint: "其日志（链目录中的 chain.log）可能说明原因。" },
  CHAIN_ID_DIFFERS: {
    message: "{directory} 中的链的 ID 是 {found}，而不是 {expected}。",
    hint: "链的 ID 不会改变；请去掉该选项，或使用其他主目录。",
  },
  CHAIN_ID_INVALID: {
    message: "链 ID {id} 不是 1 到 2^53-1 的整数。",
    hint: "请选择其他 ID，或去掉该选项。",
  },
  CHAIN_FILE_INVALID: {
    message: "{path} 描述的不是内嵌链。",
    hint: "请从备份恢复它，或将链的目录移走以开始新链。",
  },
  GENESIS_DIFFERS: {
    message: "引擎由 {path} 生成的创世区块是 {found}，而记录的是 {expected}。",
    hint: "请运行创建此链的 daochain 版本。",
  },
  CHAIN_PORT_UNAVAILABLE: {
    message: "无法监听端口 {port}：{reason}。",
    hint: "请选择其他端口，或不指定以自动选择空闲端口。",
  },
  CHAIN_DELETED: {
    message: "链的目录 {directory} 已被删除。",
    hint: "请从备份恢复它，或运行 daochain up 开始新链。",
  },
  JOURNAL_UNREADABLE: {
    message: "无法打开日志 {path}：{reason}。",
    hint: "请从备份恢复链的目录；其中没有任何改动。",
  },
  JOURNAL_FORMAT_UNKNOWN: {
    message: "{path} 的开头不是此版本的日志。",
    hint: "请从备份恢复链的目录；其中没有任何改动。",
  },
  JOURNAL_OF_OTHER_CHAIN: {
    message: "{path} 是另一条链的日志（ID {chainId}，创世 {genesis}）。",
    hint: "请从备份恢复链的目录；其中没有任何改动。",
  },
  JOURNAL_DAMAGED: {
    message: "{path} 的第 {number} 条记录（第 {offset} 字节处）已损坏，且其后还有记录。",
    hint: "请从备份恢复链的目录；其中没有任何改动。",
  },
  JOURNAL_OUT_OF_ORDER: {
    message: "{path} 在第 {offset} 字节处是区块 {found}，而那里应是区块 {expected}。",
    hint: "请从备份恢复链的目录；其中没有任何改动。",
  },
  JOURNAL_CHANGED: {
    message: "{path} 的第 {number} 条记录在读取时发生了变化。",
    hint: "请确保没有其他程序写入它，然后重新启动链。",
  },
  JOURNAL_WITHOUT_CHAIN: {
    message: "存在日志 {path}，但旁边没有 chain.json。",
    hint: "请从备份恢复 chain.json，或将日志移走以开始新链。",
  },
  JOURNAL_NOT_REPEATABLE: {
    message: "日志中的第 {number} 个区块（共 {total} 个）重新执行的结果与记录不同。",
    hint: "请运行写入它的 daochain 版本，或从备份恢复链的目录。",
  },
  JOURNAL_UNWRITABLE: { message: "无法写入日志 {path}：{reason}。", hint: "请检查磁盘以及写入权限。" },
  JOURNAL_NOT_SYNCED: {
    message: "无法将日志 {path} 落盘。",
    hint: "请检查磁盘；链会从它已确认的内容重新开始。",
  },
  JOURNAL_NOT_REPAIRED: { message: "写入失败后无法修复日志 {path}。", hint: "请检查磁盘，然后重新启动链。" },
  JOURNAL_CLOSED: { message: "日志 {path} 不再接受区块。", hint: "请重新启动链。" },
  BLOCK_FAILED: { message: "链在写入区块时出错。", hint: "其日志（链目录中的 chain.log）可能说明原因。" },
  BLOCK_DIFFERS: {
    message: "引擎生成的区块 {number} 的 {what} 不同。",
    hint: "请运行创建此链的 daochain 版本。",
  },
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
