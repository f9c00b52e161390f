export const auditHelp: typeof import("../en/audit.ts").auditHelp = {
  description: "一次验证这里正在运行或可能运行的一切",
  options: {
    images: "Docker 引擎的镜像",
    containers: "正在运行的容器，按各自真正所用的镜像",
    all: "也包括已停止的容器",
    compose: "compose 文件中各服务的镜像；可多次给出",
    kubernetes: "清单文件或清单目录中的镜像；可多次给出",
    file: "列出镜像的文件，每行一个；可多次给出",
    "ignore-built": "略过由 compose 构建且没有镜像名称的服务",
    org: "以哪个组织的声明为准（默认：各仓库的所有者）",
    policy: "按仓库的策略：谁必须签名、多久之内（docs/policy.md）",
    depth: "检查多深：id 询问引擎，manifest 询问镜像仓库，content 读取每一层，runtime 为将要运行的内容",
    sarif: "另写一份用于代码扫描的 SARIF 2.1.0；- 为标准输出，取代表格",
    html: "另写一份单文件的 HTML 报告；- 为标准输出，取代表格",
  },
  examples: [
    "daochain audit                                   Docker 引擎的所有镜像和运行中的容器",
    "daochain audit --containers --depth id           只看正在运行的，按镜像 ID：很快",
    "daochain audit --compose compose.yaml            compose 文件中的服务",
    "daochain audit --kubernetes manifests --sarif audit.sarif",
    "helm template ./chart | daochain audit --kubernetes -",
    "docker compose config | daochain audit --compose -",
    "daochain audit --html audit.html                 可供阅读、打印或发送的报告",
    "daochain audit --json | jq -r '.[] | select(.status != \"verified\") | [.status, .image] | @tsv'",
  ],
  notes: `
如果没有给出 --images、--containers、--compose、--kubernetes 或 --file，则检查 --images 和 --containers。
对 --compose、--kubernetes 和 --file，- 表示标准输入。每个镜像只验证一次，方式与 daochain verify 相同，
并且一次向链询问所有镜像。--json 输出 daochain verify 的结论，并附上镜像所在的位置。

退出码取最严重的拒绝；否则，若有镜像无法读取或判定则为 20；否则为 0。`,
};
