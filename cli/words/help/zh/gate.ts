const gateOptions = {
  org: "必须签名的组织（默认：仓库的所有者）",
  "allow-superseded": "也允许标签已不再指向的镜像",
  policy: "按仓库的策略（docs/policy.md）；文件变化时重新读取",
  staleness: "无法询问链时，最近一次已知状态可用多少秒",
  "max-head-age": "拒绝最新区块早于这么多秒的链（默认：不限）",
  log: "决定记录到何处，每行一个 JSON 对象（默认：标准错误）",
  metrics: "另在此地址提供 Prometheus 指标，例如 127.0.0.1:9464",
};
const unitDir = "systemd 单元所在的目录";

export const gateHelp: typeof import("../en/gate.ts").gateHelp = {
  gate: {
    description: "在镜像启动之处检查：docker、containerd、kubernetes",
    examples: [
      "sudo daochain gate docker install           一个 Docker 引擎",
      "sudo daochain gate containerd install       containerd，以及使用它的 kubelet",
      "daochain gate docker status                 门禁是否就位并能判定",
    ],
    notes: `
docs/gates.md 说明门禁如何判定。Kubernetes 集群请见 deploy/ 和 docs/gates/kubernetes.md。`,
  },
  docker: {
    description: "让 Docker 引擎只启动已验证的镜像（AuthZ 插件）",
    options: {
      ...gateOptions,
      socket: "引擎询问门禁的套接字",
      depth: "检查多深：id 询问引擎，content 读取每一层",
      allow: (ways: string) => `允许门禁无法判定的操作：${ways}；可多次给出`,
      engine: "询问门禁的引擎（DOCKER_HOST，否则 unix:///var/run/docker.sock）",
    },
    examples: [
      "daochain gate docker                        运行门禁，直到 Ctrl-C",
      "sudo daochain gate docker install           作为服务运行，并让引擎询问它",
      "sudo daochain gate docker uninstall         让引擎不再询问，无论处于何种状态",
      "daochain gate docker status --json | jq .decides",
    ],
    notes: `
docs/gates/docker.md 说明如何接入引擎，以及门禁看不到什么。
Prometheus 指标在该套接字的 GET /metrics。`,
  },
  dockerInstall: {
    description: "将门禁作为 systemd 单元运行，并让引擎询问它",
    options: { "daemon-json": "引擎的配置文件", "unit-dir": unitDir },
    examples: [
      "sudo daochain gate docker install --home ~/.daochain",
      "sudo daochain gate docker install --policy /etc/daochain/daochain.policy.json --metrics 127.0.0.1:9464",
    ],
  },
  dockerUninstall: {
    description: "让引擎不再询问，并移除单元",
    examples: ["sudo daochain gate docker uninstall         不需要门禁、链或引擎在运行"],
  },
  dockerStatus: {
    description: "显示门禁是否应答，以及引擎是否询问它",
    examples: [
      "daochain gate docker status",
      "daochain gate docker status --json | jq '.asked and .decides'",
    ],
    notes: `
引擎询问门禁且门禁能判定时，退出码为 0，否则为 20。`,
  },
  containerd: {
    description: "让 containerd 以及通过它的 Kubernetes 只拉取已验证的镜像（镜像验证器）",
    options: {
      ...gateOptions,
      socket: "containerd 的验证器询问门禁的套接字",
      containerd: "containerd 的程序，它知道自己的配置",
      config: "containerd 的配置文件",
      "unit-dir": unitDir,
      "no-service": "不使用 systemd：门禁以其他方式运行",
    },
    examples: [
      "daochain gate containerd                    运行门禁，直到 Ctrl-C",
      "sudo daochain gate containerd install       作为服务运行，并让 containerd 询问它",
      "sudo daochain gate containerd uninstall     让 containerd 不再询问，无论处于何种状态",
      "daochain gate containerd status --json | jq .findings",
    ],
    notes: `
docs/gates/containerd.md 说明如何接入 containerd，以及门禁看不到什么。
Prometheus 指标在该套接字的 GET /metrics。`,
  },
  containerdInstall: {
    description: "将门禁作为 systemd 单元运行，并让 containerd 询问它",
    examples: [
      "sudo daochain gate containerd install --home ~/.daochain",
      "sudo daochain gate containerd install --containerd k3s-containerd --config /var/lib/rancher/k3s/agent/etc/containerd/config.toml",
      "sudo daochain gate containerd install --no-service     门禁不由 systemd 运行时",
    ],
    notes: `
containerd 会询问门禁，但仍有镜像会不经询问而拉取时，退出码为 20。`,
  },
  containerdUninstall: {
    description: "让 containerd 不再询问，并移除单元",
    examples: ["sudo daochain gate containerd uninstall     不需要门禁、链或 containerd 在运行"],
  },
  containerdStatus: {
    description: "显示 containerd 是否询问门禁，以及哪些镜像会不经询问而拉取",
    examples: [
      "daochain gate containerd status",
      "daochain gate containerd status --json | jq -r '.findings[] | select(.bypass) | .message'",
    ],
    notes: `
所有拉取都经过验证时，退出码为 0，否则为 20。`,
  },
  kubernetes: {
    description: "让 Kubernetes 集群只运行已验证的镜像（准入 webhook）",
    options: {
      ...gateOptions,
      listen: "API server 询问门禁的地址和端口",
      cert: "PEM 格式的证书，由他方更新；变化时重新读取",
      key: "证书的 PEM 格式私钥",
      "cert-secret": "或者：保存门禁自行签发和更新的证书的 Secret",
      service: "API server 访问门禁所经的 Service",
      webhook: "要信任门禁证书的 webhook 配置",
      "require-digest": "拒绝只以标签命名的镜像",
      "tag-cache": "标签所指内容的记忆时间，以秒计",
    },
    examples: [
      "daochain gate kubernetes --cert tls.crt --key tls.key      运行 webhook，直到 Ctrl-C",
      "daochain gate kubernetes --cert-secret daochain-gate       在集群中：签发并更新证书",
    ],
    notes: `
webhook 为 POST /validate 和 POST /mutate；另有 GET /readyz、/livez 和 /metrics。
deploy/ 中有清单和 Helm chart；docs/gates/kubernetes.md 说明门禁看不到什么。`,
  },
  oneOf: (choices: string) => `必须是以下之一：${choices}。`,
  objectName: "必须是 Kubernetes 对象的名称。",
  address: "必须是地址和端口，例如 0.0.0.0:8443 或 [::]:8443。",
};
