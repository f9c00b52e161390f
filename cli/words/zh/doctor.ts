export const doctor: typeof import("../en/doctor.ts").doctor = {
  names: {
    versions: "版本",
    home: "主目录",
    disk: "磁盘",
    engine: "引擎",
    chain: "链",
    clock: "时钟",
    rollback: "回滚",
    keys: "密钥",
    permissions: "权限",
    policy: "策略",
    index: "索引",
    gates: "门禁",
  },
  statuses: { ok: "正常", finding: "有问题", unknown: "未知" },
  mend: (command) => `修复：${command}`,
  summary: (findings, unknown) => {
    const known = findings === 0 ? "未发现问题" : `有 ${findings} 处问题`;
    if (unknown === 0) return findings === 0 ? "一切正常。" : `${known}。`;
    return `${known}；${unknown} 项未知。`;
  },
  noAnswer: (seconds) => `${seconds} 秒内没有应答。`,
  failed: (why, hint) => (hint === undefined ? why : `${why} ${hint}`),

  versions: (daochain, node) => `daochain ${daochain}，Node ${node}`,
  nodeTooOld: (node, least) => `Node ${node} 太旧；daochain 需要 ${least} 或更新版本。`,

  noHome: (directory) => `主目录 ${directory} 还不存在。`,
  homeIsNoDirectory: (directory) => `${directory} 不是目录。`,
  homeReadOnly: (directory) => `无法写入 ${directory}：权限不足。`,
  homeOnReadOnlyDisk: (directory) => `${directory} 位于只读文件系统上：无法在此签名，也无法运行链。`,
  unfinishedRestore: (path) => `有一次恢复被中断，留下了 ${path}。`,
  home: (directory) => directory,

  disk: (free, at) => `${at} 剩余 ${free}`,
  diskFull: (free, at) => `${at} 只剩 ${free}：很快就无法再记录任何内容。`,
  noInodes: (count, at) => `${at} 只能再创建 ${count} 个文件。`,

  engine: (version, host, store) => `Docker ${version}，位于 ${host}，${store} 镜像存储`,
  noEngine: "这里没有 Docker 引擎。镜像仓库、布局和归档中的镜像不需要它。",

  chain: (url, id, block) => `${url}，链 ID ${id}，区块 ${block}`,
  noChain: "还没有链。",
  chainStopped: "内嵌链没有运行。",
  chainStarting: (done, total) => `链正在启动：正在重放第 ${done} 个区块，共 ${total} 个。`,
  chainHangs: (pid) => `链的进程 ${pid} 没有应答。`,
  chainNotKnown: "链没有应答。",

  clock: "本机时钟与链一致。",
  clockBehind: (seconds) => `链的最新区块比本机时钟快 ${seconds} 秒。请检查本机时钟。`,

  noRollback: "没有区块被撤回。",
  rollback: (at, taken) =>
    `${at} 恢复了一条较旧的链，${taken}。请通知所有跟随此链的人，重新签名和撤销缺失的内容，然后移走这份记录。`,
  rollbackBlocks: (first, last) =>
    first === last ? `区块 ${first} 被撤回` : `区块 ${first} 至 ${last} 被撤回`,
  rollbackUnknown: "被撤回的区块数量不明",

  keyOfEnvironment: (variable, address) => `${address}，来自 ${variable}`,
  account: (name, address) => `${name} ${address}`,
  passwordFileMissing: (file) => `DAOCHAIN_PASSWORD_FILE 指定的 ${file} 不存在。`,

  permissions: (count) =>
    count === 0 ? "这里还没有密钥。" : `${count} 个文件和目录：都属于您，含机密的对他人关闭。`,
  noPermissions: "本系统没有这类权限。",
  readableByOthers: (path, mode) => `${path} 含有机密，而他人可以读取（权限 ${mode}）。`,
  writableByOthers: (path, mode) => `他人可以修改 ${path}（权限 ${mode}）。`,
  otherOwner: (path, owner, user) => `${path} 属于用户 ${owner}，而您是用户 ${user}。`,
  tooManyFiles: (directory, most) => `${directory} 中的文件超过 ${most} 个；其余的没有检查。`,
  linkInstead: (path) => `${path} 是一个链接；没有检查它指向的内容。`,

  noPolicy: (file) => `这里没有 ${file}：镜像必须由拥有其仓库的组织签名。`,
  policy: (file, count) => `${file}：${count} 条策略`,
  policyOrganisation: (file, policy, organisation) =>
    `${file} 中的策略 ${policy} 要求组织 ${organisation}，而该组织不存在：没有镜像能通过。`,
  policyMissing: (file) => `策略文件 ${file} 不存在。`,

  noIndex: "还没有索引。下一次搜索会建立。",
  index: (block) => `位于区块 ${block}`,
  indexEmpty: "其中还没有内容。",
  indexBehind: (block, head) => `位于区块 ${block}，共 ${head} 个；下一次 search 或 images 会读取其余部分`,
  indexOfAnother: "它属于另一个版本或另一条链。下一次搜索会重新建立。",
  indexAhead: (block, head) => `它知道区块 ${block}，而链只有 ${head} 个：链被回滚过。下一次搜索会重新读取。`,

  noGates: "本机没有安装门禁。",
  gate: (kind) => `${kind} 的门禁正在判定。`,
  gateNotReady: (kind) => `${kind} 的门禁不了解注册合约，拒绝一切。`,
  gateSilent: (kind) => `${kind} 的门禁已安装，但没有应答。`,
  gateClosed: (kind) => `只有 root 可以询问 ${kind} 的门禁。`,
  gateNotServed: (plugin, file) => `${file} 让 Docker 引擎 询问 ${plugin}，但它没有提供服务：引擎拒绝一切。`,
};
