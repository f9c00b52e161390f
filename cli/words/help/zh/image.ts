const options = {
  signFor: "以哪个组织的名义签名（默认：当前使用的组织）",
  signWith: "用哪个账户签名（默认：当前使用的账户）",
  expires: "从现在起 90d、12h 等，或一个日期（默认：永久）",
  annotation: "随摘要一同记录的内容；可多次给出",
  list: "列出镜像的文件，每行一个；- 表示标准输入",
  until: "等到什么为止：声明已被记录，或已有足够的其他人批准（若 --timeout 先到则为 15）",
  claimOf: "以哪个组织的声明为准（默认：仓库的所有者）",
  depth: "检查多深：id 询问引擎，manifest 询问镜像仓库，content 读取每一层，runtime 检查将要运行的内容",
  policy: "按仓库规定的策略：必须由谁签名、多久以内（docs/policy.md）",
};

export const imageHelp: typeof import("../en/image.ts").imageHelp = {
  references: `
IMAGE 是本机 Docker 引擎中的名称或 ID，其次是其镜像仓库中的名称，或下列之一：
  docker-daemon:REF   docker://REF   docker-archive:FILE[:REF|:@N]   oci:DIR[:TAG]   oci-archive:FILE[:TAG]`,
  sign: {
    description: "为镜像签名：把它们的摘要记录到链上",
    options: {
      org: options.signFor,
      account: options.signWith,
      expires: options.expires,
      annotation: options.annotation,
      depth: "检查多深：runtime（引擎和镜像仓库中的默认值）、content（各层）、manifest（不读层）",
      file: options.list,
      batch: "一次签署所有镜像：一个签名，一笔交易，要么全部成功要么全不",
      output: "把已签名的声明写入文件，供 daochain submit 使用；不需要链",
      "dry-run": "显示将要签名的内容；不询问密码，不记录任何内容",
      until: options.until,
    },
    examples: [
      "daochain sign acme/api:1.4.2",
      "daochain sign oci:./layout:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
      "daochain sign --dry-run acme/api:1.4.2                  将签名什么，有什么阻碍",
      "daochain sign --until approved --timeout 1h acme/api:1.4.2   等待其他签名者",
      "daochain sign --file images.txt --json | jq -r '.[] | [.image, .status] | @tsv'",
    ],
    notes: `
如果组织要求多个签名，声明会处于 pending，直到 daochain approve 带来足够的签名；sign 仍以 0 结束，
除非用 --until approved 让它等待。`,
  },
  verify: {
    description: "对照已签名的内容校验镜像；退出码就是答案",
    options: {
      org: options.claimOf,
      depth: options.depth,
      policy: options.policy,
      at: "以某个区块、日期或时间，或从现在往回的一段时间为准",
      file: options.list,
    },
    examples: [
      "daochain verify acme/api:1.4.2 && docker run acme/api:1.4.2",
      "daochain verify docker-archive:api.tar",
      "daochain verify --depth id $(docker images --quiet --no-trunc)",
      "daochain verify --at 2026-01-31 acme/api:1.4.2       它那时是好的吗？",
      "daochain verify --json acme/api:1.4.2 | jq -r '.status, .reasons[]'",
    ],
  },
  inspect: {
    description: "显示关于一个镜像的一切：它是什么，是否通过校验，由谁签名",
    options: {
      org: options.claimOf,
      depth: options.depth,
      policy: options.policy,
      limit: "历史记录最多显示多少条",
    },
    examples: [
      "daochain inspect acme/api:1.4.2",
      "daochain inspect oci-archive:api.tar --depth manifest",
      "daochain inspect --json acme/api:1.4.2 | jq -r '.claims[] | [.organisation, .status, .claim.signedAt] | @tsv'",
    ],
    notes: `
退出码与 verify 相同。声明和历史是链上片刻之前的状态；没有链时，inspect 只显示镜像本身的信息。`,
  },
  diff: {
    description: "逐个路径显示将要运行的内容与镜像各层有何不同",
    examples: [
      "daochain diff acme/api:1.4.2",
      "daochain diff --json acme/api:1.4.2 | jq -r '.differences[].path'",
    ],
  },
  approve: {
    description: "为等待中的声明加上另一个签名",
    options: { org: options.signFor, account: options.signWith, until: options.until },
    examples: [
      "daochain approve acme/api:1.4.2 --account release",
      "daochain approve 0x5f3c...                   按声明的 ID",
      "daochain approve --json acme/api:1.4.2 | jq -r '.status'",
    ],
  },
  submit: {
    description: "记录在别处用 sign --output 签名的声明",
    options: { account: "发送它的账户（默认：当前使用的账户）", until: options.until },
    examples: [
      "daochain submit claim.json",
      "daochain submit --json claim.json | jq -r '.claim.transaction'",
    ],
  },
  revoke: {
    description: "永久撤回签名",
    options: {
      reason: "原因，所有人可见",
      org: "由哪个组织撤销（默认：当前使用的组织）",
      account: "用哪个账户操作（默认：当前使用的账户）",
      yes: "不询问",
    },
    examples: [
      'daochain revoke acme/api:1.4.2 --reason "leaked key in layer 3"',
      "daochain revoke sha256:6a92... --reason retired --yes",
      "daochain revoke --yes --reason retired --json acme/api:1.4.1 | jq -r '.digests[]'",
    ],
  },
  log: {
    description: "显示记录了什么：关于组织、仓库、标签或摘要",
    options: { org: "组织（默认：当前使用的组织）", limit: "最多多少条" },
    examples: [
      "daochain log                  您的组织做过的一切",
      "daochain log acme/api         一个仓库",
      "daochain log acme/api:1.4.2   一个标签",
      "daochain log --json acme/api | jq -r '.[] | select(.reason) | [.time, .subject, .reason] | @tsv'",
    ],
  },
};
