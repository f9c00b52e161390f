export const backup: typeof import("../en/backup.ts").backup = {
  written: (file, size) => `已备份到 ${file}（${size}）。`,
  chain: (blocks, time) =>
    time === undefined
      ? "其中有链，尚无区块。"
      : `其中的链到区块 ${blocks} 为止（${time}）。此后记录的内容不在其中。`,
  noChain: "这个主目录中没有链：备份包含账户、网络配置和设置。",
  passwords: (accounts) =>
    `请严加保密：其中有 ${accounts.join("、")} 的自动生成的密码，任何拿到此文件的人都能用这些账户签名。`,
  keystores: (accounts) => `其中有 ${accounts.join("、")} 的密钥文件，需用各自的密码打开；密码不在其中。`,
  left: (names) => `不属于 daochain，未包含在备份中：${names.join("、")}`,

  restored: (directory, file) => `已从 ${file} 恢复 ${directory}。`,
  asOf: (blocks, time) =>
    `其中的链止于区块 ${blocks}（${time}）。之后的签名和撤销不在其中：如果有人已经看到过，请重新执行。`,
  rolledBack: (what, kept) =>
    `链已被回滚：${what}。跟随过它的门禁和其他人可能依赖已消失的内容，也可能拒绝这条链：请通知他们。从现在起 daochain status 和 daochain doctor 会一直提示。原来的主目录在 ${kept}。`,
  lostBlocks: (first, last) => (first === last ? `区块 ${first} 被撤回` : `区块 ${first} 至 ${last} 被撤回`),
  lostUnknown: "一条无法读取的链被替换",
  next: "下一步：daochain up",
  rollbackKnown: (at, what) => `${at} 恢复了一条较旧的链：${what}。daochain doctor 会说明该怎么做。`,
};
