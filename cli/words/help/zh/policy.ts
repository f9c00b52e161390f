export const policyHelp: typeof import("../en/policy.ts").policyHelp = {
  policy: {
    description: "规定谁必须为什么签名：init、check、explain",
    examples: [
      "daochain policy init                                  在此写入 daochain.policy.json",
      "daochain policy check                                 说明其要求，以及有何问题",
      "daochain policy explain docker.io/acme/api:1.4.2      显示适用于某个镜像的策略",
    ],
  },
  init: {
    description: "写入第一份策略文件",
    options: { org: "必须签名的组织（默认：仓库的所有者）" },
    examples: ["daochain policy init", "daochain policy init /etc/daochain/daochain.policy.json --org acme"],
  },
  check: {
    description: "说明策略文件的要求，以及有何问题",
    examples: [
      "daochain policy check                                 此目录中的 daochain.policy.json",
      "daochain policy check /etc/daochain/daochain.policy.json",
      "daochain policy check --json | jq -r '.[].missingOrganisations[]?'",
    ],
    notes: `
会向注册合约询问文件中提到的组织是否存在。文件可用时退出码为 0；无法作为策略读取时为 2；
有组织不存在，或无法询问注册合约时为 20。`,
  },
  explain: {
    description: "显示适用于某个镜像的策略及其要求",
    options: { policy: "策略文件" },
    examples: [
      "daochain policy explain docker.io/acme/api:1.4.2",
      "daochain policy explain --policy /etc/daochain/daochain.policy.json --json acme/api | jq .policy.maxAge",
    ],
    notes: `
退出码为 0；没有策略适用于该镜像时为 16，即该镜像被拒绝。`,
  },
};
