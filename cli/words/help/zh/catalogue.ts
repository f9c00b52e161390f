export const catalogueHelp: typeof import("../en/catalogue.ts").catalogueHelp = {
  search: {
    description: "查找所有组织已签名的镜像",
    options: {
      org: "只显示该组织的镜像",
      all: "显示任何状态：包括 pending、revoked、expired 和 untrusted",
      superseded: "也显示标签已不再指向的镜像",
      foreign: "也显示并不拥有该仓库的组织的镜像",
      limit: "最多显示多少个镜像",
    },
    examples: [
      "daochain search                     每个标签最新的镜像",
      "daochain search api acme            名称或组织中含有 api 和 acme 的镜像",
      "daochain search sha256:6a92         按摘要或声明 ID 的开头查找",
      "daochain search --all api           也显示待签名、已撤销、已过期或不可信的镜像",
      "daochain search --json api | jq -r '.[] | [.image, .claim.signedAt] | @tsv'",
      "daochain search --all --json | jq -r '.[] | select(.status == \"revoked\") | .image'",
    ],
    notes: `
STATUS 是 daochain verify 对已签名的那个镜像会给出的结论。
您手中的镜像是否就是它，只有 daochain verify 能够判断。`,
  },
  images: {
    description: "显示您的组织的镜像，以及本地副本是否最新",
    options: {
      org: "组织（默认：使用中的组织）",
    },
    examples: [
      "daochain images                     该组织的所有镜像",
      "daochain images acme/api            一个仓库中的镜像",
      "daochain images --json | jq -r '.[] | select(.local == \"superseded\") | .image'",
    ],
    notes: `
LOCAL 按镜像 ID 比较 Docker 引擎中同名的镜像：
  current      标签现在所指的镜像
  superseded   标签以前所指的镜像
  other        从未以此名称签名
  missing      引擎中没有此名称的镜像
  unknown      没有引擎应答`,
  },
  watch: {
    description: "实时显示上链的签名、撤销和其他变化",
    options: {
      org: "只显示该组织的事件",
      since: "从此区块开始（默认：下一个区块）",
      "no-containers": "不查找受事件影响的运行中容器",
      exec: "为每个事件运行一条命令，一次一个；事件以 JSON 写入其标准输入",
      webhook: "将每个事件以 JSON 发送到服务器（DAOCHAIN_WEBHOOK_URL）",
      "hook-on": "哪些事件交给 --exec 和 --webhook：影响运行中容器的，或全部",
    },
    examples: [
      "daochain watch                      上链的一切",
      "daochain watch acme/api             一个仓库的事件",
      "daochain watch --exec ./notify.sh   为每个影响运行中容器的事件运行一条命令",
      "daochain watch --org acme --json    一个组织，每行一个 JSON 对象",
      "daochain watch --json | jq -r 'select(.act | startswith(\"revoked\")) | .images[]'",
    ],
    notes: `
启动时会列出镜像已被撤销、作废或过期的运行中容器。没有引擎应答时，凡可能影响容器的事件都视为有影响。
如果设置了 DAOCHAIN_WEBHOOK_SECRET，发往 webhook 的请求会用它签名。`,
  },
};
