export const organisation: typeof import("../en/organisation.ts").organisation = {
  name: "名称",
  threshold: "签名数",
  signers: "签名者",
  admins: "管理员",
  namespaces: "命名空间",
  every: "所有仓库",
  named: (name, displayName) => `${name}（${displayName}）`,
  thresholdOf: (threshold, signers) => `${signers} 个签名者中需 ${threshold} 个签名`,
  used: (name) => `正在使用组织 ${name}。`,
  noRole: (account, name) => `${account} 既不是 ${name} 的签名者，也不是其管理员。`,
  howToAdmit: (name, address) => `其管理员可以更改：daochain org add-signer ${name} ${address}`,
  retires: (signer, name) => `${signer} 将不能再为 ${name} 签名，也无法恢复。它已签名的仍然有效。`,
  voids: (signer, name, since) => `${signer} 自 ${since} 以来为 ${name} 签名的一切将永久失效。`,
  replaces: (signer, name, replacement) =>
    `${signer} 将不能再为 ${name} 签名，也无法恢复。由 ${replacement} 接替。`,
  removesNamespace: (name, namespace) => `${name} 将不再拥有 ${namespace}。只有注册合约的治理者才能归还。`,
  removesAdmin: (admin, name) => `${admin} 将不再是 ${name} 的管理员。`,
  signersLeft: (name, left, threshold) =>
    `此后 ${name} 有 ${left} 个签名者，一项声明需要 ${threshold} 个签名。`,
  noSpare: (threshold) =>
    threshold === 1 ? "持有最后一个密钥的人不能丢失它。" : "此后每项声明都需要他们全部签名。",
  tooFew: (name, threshold) =>
    `这少于一项声明所需的签名数。请先降低签名数（daochain org threshold ${name} ${threshold}），或增加签名者。`,
  adminsLeft: (name, left) => `此后 ${name} 有 ${left} 个管理员。`,
  isYou: "这正是当前使用的账户。",
  retire: "要停用它吗？",
  void: "要使其失效吗？",
  replace: "要替换它吗？",
  remove: "要移除它吗？",
};
