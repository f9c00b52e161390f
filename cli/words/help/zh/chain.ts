export const chainHelp: typeof import("../en/chain.ts").chainHelp = {
  up: {
    description: "启动内置链，并创建缺少的部分：注册合约、账户、组织",
    options: {
      org: "您的组织名称（默认：使用中的组织，否则为 local）",
      port: "链在回环接口上的端口（默认：8545，或任一空闲端口）",
      foreground: "一直运行链，直到按 Ctrl-C 或收到 SIGTERM，供容器和服务管理器使用",
      metrics: "让链在此处提供 Prometheus 指标，例如 127.0.0.1:9464",
    },
    examples: [
      "daochain up                                 全部启动，组织名为 local",
      "daochain up --org acme                      同上，组织名为 acme",
      "daochain up --foreground                    在前台运行链，日志输出到 stderr",
      "daochain up --json | jq -r .registry        只输出注册合约的地址",
    ],
    notes: `
可以反复运行：它只创建缺少的部分，其余沿用已有的。如果失败，不会留下任何由它启动的进程。
在已加入网络的主目录中，它不启动任何东西。`,
  },
  down: {
    description: "停止内置链；已记录的内容会保留",
    examples: [
      "daochain down                               停止链；daochain up 可重新启动",
      "daochain down --json | jq .stopped          是否有链被停止",
    ],
  },
  status: {
    description: "显示链、注册合约、组织、账户、Docker 以及本机的门禁",
    examples: [
      "daochain status                             显示全部，以及下一步做什么",
      "daochain status --json | jq .chain.block    最新区块的编号",
      "daochain status --json | jq -r .next        下一步做什么",
    ],
    notes: `
如果链没有响应，退出码为 20。`,
  },
  demo: {
    description: "从零开始看完主要流程：签名、校验、篡改、再校验、撤销",
    options: { docker: "即使有 Docker 引擎也使用 OCI 布局" },
    examples: [
      "daochain demo                               有 Docker 引擎时使用它",
      "daochain demo --no-docker                   使用磁盘上的镜像",
      "daochain demo --json | jq .good             是否每一步都符合预期",
    ],
  },
};
