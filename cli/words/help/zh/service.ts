export const serviceHelp: typeof import("../en/service.ts").serviceHelp = {
  service: {
    description: "把内嵌链作为 systemd 服务运行：install、uninstall、status",
    examples: [
      "daochain service install           作为您自己的服务；以 root 运行则作为整机的服务",
      "daochain service status --json | jq .active",
      "daochain service uninstall",
    ],
  },
  install: {
    description: "让 systemd 运行这个主目录的链，现在以及每次启动之后",
    options: {
      user: "您登录会话的服务（默认，root 除外）",
      system: "整机的服务，以主目录所有者的身份运行（root 的默认值）",
      "unit-dir": "systemd 单元所在的目录",
      port: "链的回环端口（默认：8545，或一个空闲端口）",
      metrics: "在此处提供 Prometheus 指标，例如 127.0.0.1:9464",
    },
    examples: [
      "daochain service install                                          作为您自己的服务",
      "sudo daochain service install --home /srv/daochain                作为整机的服务",
      "daochain service install --metrics 127.0.0.1:9464                 并提供 Prometheus 指标",
      "daochain service install --json | jq -r .url                      链在哪里应答",
    ],
    notes: `
在后台运行的链会先被停止。如果服务没有应答，一切恢复原状。
其余内容见 docs/operations.md：服务可以做什么、它的日志和指标。`,
  },
  uninstall: {
    description: "停止链并移除其服务；已记录的内容保留",
    examples: ["daochain service uninstall", "sudo daochain service uninstall --json | jq .uninstalled"],
  },
  status: {
    description: "显示服务是否已安装并运行，以及链是否应答",
    examples: ["daochain service status", "daochain service status --json | jq .chain.url"],
  },
};
