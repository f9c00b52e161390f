export const account: typeof import("../en/account.ts").account = {
  passwordGenerated: (file) => `其密码已生成到 ${file}。`,
  made: (name, address) => `账户 ${name} 是 ${address}。`,
  used: (name, address) => `正在使用账户 ${name}（${address}）。`,
  external: (signer) => `外部签名器：${signer}`,
  none: "还没有账户：用 daochain account create 创建一个。",
  why: (source, variable) =>
    ({
      argument: "按指定的名称",
      environment: `来自 ${variable}，优先于所有账户`,
      settings: "使用中，由 daochain account use 选定",
      only: "使用中，因为是唯一的账户",
    })[source],
  keyInForce: (variable, address) => `已设置 ${variable}：签名时使用其密钥 ${address}，而不是这些账户。`,
  howToUseInCi: (name) => [
    "要在 CI 中用它签名，请把它的密钥作为机密变量交给 CI：",
    `  daochain account export ${name} --private-key --output key.txt`,
    "然后在那里把 DAOCHAIN_PRIVATE_KEY 设为 key.txt 的内容，或把 DAOCHAIN_PRIVATE_KEY_FILE 设为含有它的文件。",
  ],
  howToAdmit: (organisation, address) =>
    `管理员运行以下命令后，它就可以为 ${organisation} 签名：daochain org add-signer ${organisation} ${address}`,
  showKey: (name) => `任何人看到 ${name} 的明文密钥，就能用它签名。要显示吗？`,
  exported: (name, file) => `账户 ${name} 已写入 ${file}。`,
  passwordChanged: (name) => `账户 ${name} 的密码已更改。`,
  exportsKeep: "此前导出的密钥库文件仍然用旧密码打开。",
  removes: (name, address) =>
    `账户 ${name}（${address}）将连同其密钥一起删除。如果没有副本（daochain account export ${name} --output FILE），就再也没有人能用它签名。`,
  removesExternal: (name, address) => `这里将不再记录账户 ${name}（${address}）；其密钥仍在签名器处。`,
  remove: "要删除吗？",
  removed: (name) => `账户 ${name} 已删除。`,
};
