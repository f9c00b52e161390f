export const accountHelp: typeof import("../en/account.ts").accountHelp = {
  account: {
    description: "账户：用来签名的密钥",
    examples: [
      "daochain account create ci                            新建账户，并说明如何在 CI 中使用",
      "daochain account show                                 正在使用哪个账户，以及原因",
    ],
    notes: `
由谁签名：--account 指定的账户；否则为 DAOCHAIN_PRIVATE_KEY 或 DAOCHAIN_PRIVATE_KEY_FILE 所指文件中的密钥；
否则为 account use 选定的账户；否则为唯一的账户。`,
  },
  create: {
    description: "新建账户，由密码保护",
    examples: [
      "daochain account create                               名为 default 的账户",
      "daochain account create ci --password-fd 0 < FILE     密码来自文件",
      "daochain account create ci --json | jq -r .address    只输出地址",
    ],
    notes: `
密码至少需要 10 个字符。没有终端且未给出密码时，会生成一个密码，写入只有您能读取的文件。`,
  },
  import: {
    description: "导入账户：私钥、密钥库文件，或外部签名器处的账户",
    options: {
      keystore: "第 3 版密钥库文件，即 geth 所写的格式",
      signer: "保管密钥的签名器，例如 Clef 或 Web3Signer：https、回环接口上的 http，或 unix:PATH",
      address: "签名器处的账户（默认：其列出的唯一账户）",
    },
    examples: [
      "daochain account import ci < key.txt                  私钥；在终端上会询问",
      "daochain account import old --keystore UTC--2016-07-22T09-13-52...",
      "daochain account import ledger --signer unix:$HOME/.clef/clef.ipc",
      "daochain account import ci --json < key.txt | jq -r .address",
    ],
  },
  list: {
    description: "列出账户",
    examples: [
      "daochain account list                                 使用中的账户带有 *",
      `daochain account list --json | jq -r '.[] | select(.current).name'`,
    ],
  },
  use: {
    description: "选择要使用的账户",
    examples: ["daochain account use ci", "daochain account use ci --json | jq -r .address"],
  },
  show: {
    description: "显示命令所使用的账户，以及为什么是它",
    examples: [
      "daochain account show                                 正在生效的账户",
      "daochain account show ci                              另一个账户",
      "daochain account show --json | jq -r .reason          为什么是它",
    ],
  },
  export: {
    description: "输出账户的加密密钥库文件",
    options: {
      output: "写入只有您能读取的文件",
      "private-key": "改为输出明文私钥",
      yes: "不询问",
    },
    examples: [
      "daochain account export ci --output ci.json           一份副本，用其密码打开",
      "daochain account export ci --private-key -o key.txt   明文私钥，供 DAOCHAIN_PRIVATE_KEY_FILE 使用",
      "daochain account export ci | jq -r .address           密钥库文件本身就是 JSON",
    ],
  },
  password: {
    description: "更改账户的密码",
    options: { "new-password-fd": "从该文件描述符读取新密码；0 为标准输入" },
    examples: [
      "daochain account password                             使用中的账户；会询问新旧密码",
      "daochain account password ci --password-fd 3 3< OLD --new-password-fd 4 4< NEW",
      "daochain account password ci --new-password-fd 0 --json < NEW | jq -r .address",
    ],
    notes: `
旧密码来自 --password-fd、DAOCHAIN_PASSWORD_FILE、随账户生成的文件，或终端。`,
  },
  remove: {
    description: "永久删除账户及其密钥",
    options: { yes: "不询问；删除使用中的账户时也需要" },
    examples: [
      "daochain account export ci -o ci.json && daochain account remove ci",
      "daochain account remove ci --yes --json | jq -r .address",
    ],
  },
};
