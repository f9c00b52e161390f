export const organisationHelp: typeof import("../en/organisation.ts").organisationHelp = {
  org: {
    description: "组织：谁为哪些仓库签名",
    examples: [
      "daochain org show                                        使用中的组织",
      "daochain org add-signer acme 0x5aAe...                   允许另一个密钥签名",
    ],
  },
  show: {
    description: "显示一个组织",
    examples: [
      "daochain org show                                        使用中的组织",
      "daochain org show acme --json | jq .threshold            一项声明需要多少签名",
    ],
  },
  list: {
    description: "列出所有组织",
    examples: [
      "daochain org list                                        使用中的组织带有 *",
      "daochain org list --json | jq -r '.[].name'",
    ],
  },
  use: {
    description: "选择要代表的组织",
    examples: [
      "daochain org use acme                                    从现在起为 acme 签名和撤销",
      "daochain org use acme --json | jq -r '.signers[]'        以及谁为它签名",
    ],
  },
  founding: {
    "display-name": "供人阅读的名称",
    namespace: "它拥有的仓库；可多次给出",
    account: "要使用的账户（默认：使用中的账户）",
  },
  create: {
    description: "在您治理的注册合约中接纳您自己的组织",
    options: { admin: "其首位管理员和签名者（默认：您）" },
    examples: [
      "daochain org create acme --namespace docker.io/acme",
      "daochain org create acme --json | jq -r .id",
    ],
  },
  admit: {
    description: "在您治理的注册合约中接纳他人的组织",
    options: { admin: "其首位管理员和签名者" },
    examples: [
      "daochain org admit acme --admin 0x5aAe... --namespace docker.io/acme --namespace registry.acme.io",
      "daochain org admit acme --admin 0x5aAe... --json | jq -r .id",
    ],
  },
  change: {
    account: "要使用的账户（默认：使用中的账户）",
    yes: "不询问",
  },
  "add-signer": {
    description: "允许另一个密钥为组织签名",
    examples: [
      "daochain org add-signer acme 0x5aAe...",
      "daochain org add-signer acme 0x5aAe... --json | jq -r '.signers[]'",
    ],
  },
  "retire-signer": {
    description: "永久停用一个签名密钥；它已签名的仍然有效",
    examples: [
      "daochain org retire-signer acme 0x5aAe...                先说明还剩多少签名者",
      "daochain org retire-signer acme 0x5aAe... --yes --json | jq -r '.signers[]'",
    ],
  },
  "void-signer": {
    description: "使一个密钥自某一时刻以来的签名失效，例如自它被盗时起",
    options: { since: "日期或时间，或从现在往回的时长" },
    examples: [
      "daochain org void-signer acme 0x5aAe... --since 2026-01-31T14:00:00Z",
      "daochain org void-signer acme 0x5aAe... --since 3d",
      "daochain org void-signer acme 0x5aAe... --since 3d --yes --json | jq -r '.signers[]'",
    ],
  },
  "replace-signer": {
    description: "停用一个密钥并由另一个接替，一步完成",
    examples: [
      "daochain org replace-signer acme 0x5aAe... 0x2B5A...",
      "daochain org replace-signer acme 0x5aAe... 0x2B5A... --yes --json | jq -r '.signers[]'",
    ],
  },
  threshold: {
    description: "设置一项声明需要多少签名",
    examples: ["daochain org threshold acme 2", "daochain org threshold acme 2 --json | jq .threshold"],
  },
  "add-namespace": {
    description: "把仓库分配给组织；仅限注册合约的治理者",
    examples: [
      "daochain org add-namespace acme docker.io/acme",
      "daochain org add-namespace acme docker.io/acme --json | jq -r '.namespaces[]'",
    ],
  },
  "remove-namespace": {
    description: "归还仓库",
    examples: [
      "daochain org remove-namespace acme docker.io/acme",
      "daochain org remove-namespace acme docker.io/acme --yes --json | jq -r '.namespaces[]'",
    ],
  },
  "add-admin": {
    description: "允许另一个密钥更改组织",
    examples: [
      "daochain org add-admin acme 0x5aAe...",
      "daochain org add-admin acme 0x5aAe... --json | jq -r '.admins[]'",
    ],
  },
  "remove-admin": {
    description: "不再允许一个密钥更改组织；最后一位管理员会保留",
    examples: [
      "daochain org remove-admin acme 0x5aAe...",
      "daochain org remove-admin acme 0x5aAe... --yes --json | jq -r '.admins[]'",
    ],
  },
};
