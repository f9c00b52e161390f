export const backupHelp: typeof import("../en/backup.ts").backupHelp = {
  backup: {
    description: "把主目录写入一个文件：链、账户、自动生成的密码、网络配置、设置",
    examples: [
      "daochain backup daochain.tar                          期间链可以继续运行",
      "daochain backup daochain-$(date +%F).tar --quiet      每天一个文件",
      "daochain backup daochain.tar --json | jq .chain       备份到哪个区块",
    ],
    notes: `
请对该文件保密：其中有您的密钥文件，以及自动生成的密码（如有）。只有您能读取它（权限 0600）。
索引不在其中，因为它可以从链上重新建立。`,
  },
  restore: {
    description: "完整检查备份后，用它建立主目录",
    options: { rollback: "替换链更长或不同的主目录，并记录下来" },
    examples: [
      "daochain restore daochain.tar                         恢复到通常的主目录，它必须尚不存在",
      "daochain restore daochain.tar --home /srv/daochain    恢复到另一个目录",
      "daochain restore daochain.tar --rollback              撤回备份中没有的内容",
      "daochain restore daochain.tar --json | jq .chain      是哪条链，到哪个区块",
    ],
    notes: `
较旧的链会撤回他人可能已经看到的签名和撤销记录，因此必须用 --rollback 明确要求；原来的主目录会保留在新主目录旁边，
此后 daochain status 和 daochain doctor 会一直提示。`,
  },
};
