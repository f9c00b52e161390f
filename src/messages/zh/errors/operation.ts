export const operationErrors = {
  PULL_NAME_INVALID: {
    message: "{image} 没有指明镜像仓库中的镜像。",
    hint: "请写成 registry.acme.io/api:1.4.2 的形式。",
  },
  PUSH_NAME_INVALID: {
    message: "无法推送 {image}：它不是本地 Docker Engine 中的仓库和标签。",
    hint: "请先命名：docker tag IMAGE REGISTRY/REPOSITORY:TAG。",
  },
  IMAGE_NOT_SOUND: { message: "{image} 已损坏：{place}：{detail}。", hint: "没有签名。请重新构建或获取它。" },
  PUSHED_ANOTHER: {
    message: "{name} 推送的是 {pushed}，但镜像仓库提供的是 {served}。",
    hint: "没有签名。可能有人同时推送；否则不要信任此镜像仓库。",
  },
  IMAGE_WITHOUT_NAME: {
    message: "{image} 没有可用于声明的名称。",
    hint: "请用仓库和标签命名：docker tag IMAGE REPOSITORY:TAG。",
  },
  IMAGE_HAS_TOO_MANY_DIGESTS: {
    message: "{image} 有 {count} 个摘要；一个声明最多包含 {limit} 个。",
    hint: "请分别签名各平台，或减少一个索引中的平台。",
  },
  IMAGE_REVOKED: {
    message: "{organisation} 已永久撤销 {digest}。",
    hint: "请重新构建镜像；已撤销的内容不会再被签名。",
  },
  TAG_AHEAD_OF_CLOCK: {
    message: "{name} 的声明时间是 {claimed}，而本机时钟是 {here}。",
    hint: "请检查本机时钟，或稍后重新签名。",
  },
  CLAIM_OF_OTHER_NETWORK: {
    message: "该声明是为链 {chainId} 上的注册合约 {registry} 签名的，而不是为此处。",
    hint: "请在它所属的网络提交，或为此网络重新签名。",
  },
  CLAIM_NOT_SHOWN: {
    message: "链上没有显示声明 {claim}。",
    hint: "它仍可能被记录：再次发送前请用 daochain log 查看。",
  },
  CLAIM_OF_OTHER_IMAGE: {
    message: "声明中的 {kind} 不是 {image} 的 {digest}。",
    hint: "请将该镜像与最先签名的镜像比较；没有批准。",
  },
  ORGANISATION_IS_OTHER: {
    message: "此链的组织是 {organisation}；没有名为 {name} 的组织。",
    hint: "daochain org create {name} 会创建另一个组织。",
  },
  EMBEDDED_CHAIN_IS_OTHER: {
    message: "{endpoint} 处的链不是 {path} 所固定的那条。",
    hint: "请从备份恢复链的目录；在另一条链上的签名在此无效。",
  },
  EMBEDDED_CONTRACT_MISSING: {
    message: "{endpoint} 上的 {registry} 处没有 DaoChain 注册合约。",
    hint: "它可能属于另一个版本的 DaoChain；将 {directory} 移走以开始新链。",
  },
  INDEX_UNREAD: {
    message: "{image} 是索引，而它列出的镜像没有被查看。",
    hint: "没有签名。请使用 --depth content。",
  },
  INDEX_IN_PART: {
    message: "{image} 是索引，其中列出了无法查看的内容：{images}。",
    hint: "没有签名。请连同所有平台一起复制，或用摘要对其中一个平台签名。",
  },
  CLAIM_OF_UNSEEN: {
    message: "声明指明的索引还列出了没有被查看的内容：{images}。",
    hint: "没有批准。请在所有平台都在的地方批准，例如 docker://镜像。",
  },
} as const;
