export const contractErrors = {
  CHAIN_NOT_PINNED: {
    message: "{endpoint} 处的链不是已固定的那条：其 {what} 是 {found}，而不是 {expected}。",
    hint: "它可能是另一个网络的端点，或是伪造的；固定的值记录在网络配置文件中。",
  },
  CONTRACT_NOT_PINNED: {
    message: "{endpoint} 上 {registry} 处的合约不是 DaoChain 注册合约。",
    hint: "它可能是另一个网络的端点，或是伪造的；固定的值记录在网络配置文件中。",
  },
  CHAIN_TIME_INVALID: { message: "{endpoint} 处的链给出了任何时钟都不会显示的时间。" },
  MOMENT_BEFORE_CHAIN: {
    message: "{endpoint} 处的链晚于该时刻：它始于 {begin}。",
    hint: "请选择更晚的时刻。",
  },
  STATE_MISSING: {
    message: "{endpoint} 处的链在区块 {block} 没有注册合约。",
    hint: "它是之后才部署的，或此端点不保留如此旧的区块状态：请使用归档节点。",
  },
  CHAIN_REFUSED: { message: "{endpoint} 处的链拒绝了请求：{reason}。" },
  CHAIN_FULL: {
    message: "{endpoint} 处的链没有空间可以记录任何内容。",
    hint: "在链所在的机器上释放一些空间，再运行同一条命令。",
  },
  CHAIN_NUMBER_INVALID: { message: "在应给出数字之处，链给出了别的内容。" },
  CONTRACT_ANSWER_INVALID: { message: "{endpoint} 处的链给出的应答不是注册合约的。" },
  EVENTS_INVALID: { message: "{endpoint} 处的链给出的事件不是注册合约的，或不是所请求的。" },
  TOO_MANY_EVENTS: { message: "{endpoint} 处的链上与此有关的事件超过 {limit} 个。" },
  TOO_MANY_CLAIMS: { message: "提到此镜像的声明超过 {limit} 个。" },
  TOO_MANY_ORGANISATIONS: { message: "注册合约列出的组织超过 {limit} 个。" },
  HEAD_UNTOLD: { message: "{endpoint} 处的链没有给出 {name} 现在所指的声明。" },
  CLAIM_UNTOLD: { message: "{endpoint} 处的链没有给出声明 {claim} 的内容。" },
  CLAIM_FALSE: {
    message: "{endpoint} 处的链所称的声明 {claim} 其实是另一个。",
    hint: "不要信任此端点；请改用其他端点。",
  },
  BLOCK_MISSING: {
    message: "链 {chain} 没有区块 {block}。",
    hint: "daochain status 会显示它的最新区块。",
  },
  ORGANISATION_NOT_FOUND: {
    message: "注册合约中没有名为 {name} 的组织。",
    hint: "daochain org list 会列出它所知道的组织。",
  },
  ADDRESS_INVALID: {
    message: "{address} 不是地址。",
    hint: "地址是 0x 加 40 位十六进制数字；大小写混用时，大小写就是校验和。",
  },
  NONCE_TAKEN: {
    message: "每次都有 {address} 的其他交易先占用了 nonce。",
    hint: "请在没有其他人使用此账户时重试。",
  },
  TRANSACTION_REVERTED: {
    message: "合约在区块 {block} 中拒绝了交易 {transaction}，但现在会接受它。",
    hint: "请再次运行同一条命令。",
  },
  TRANSACTION_LATE: {
    message: "交易 {transaction} 已发送，但 {seconds} 秒后仍不在任何区块中。",
    hint: "它仍可能被记录：再次发送前请用 daochain log 查看。",
  },
  NOT_GOVERNOR: {
    message: "只有注册合约的管理者可以这样做，而 {address} 不是管理者。",
    hint: "用 --account NAME 以管理者身份操作，或请管理者来做。",
  },
  NOT_GOVERNOR_CANDIDATE: {
    message: "管理者职位没有提供给 {address}。",
    hint: "管理者必须先将其提供给此地址。",
  },
  NOT_ADMIN: {
    message: "只有 {organisation} 的管理员可以这样做，而 {address} 不是管理员。",
    hint: "用 --account NAME 以管理员身份操作；daochain org show {organisation} 会列出管理员。",
  },
  NOT_SIGNER: {
    message: "{address} 不是 {organisation} 当前的签名者。",
    hint: "{organisation} 的管理员可以添加它：daochain org add-signer {organisation} {address}。",
  },
  REVOCATION_REFUSED: {
    message: "只有 {organisation} 的管理员或批准过该声明的签名者可以撤销它；{address} 两者都不是。",
    hint: "用 --account NAME 以其中之一的身份操作；daochain org show {organisation} 会列出管理员。",
  },
  ORGANISATION_UNKNOWN: {
    message: "注册合约中没有组织 {organisation}。",
    hint: "daochain org list 会列出它所知道的组织。",
  },
  ORGANISATION_EXISTS: {
    message: "已经有名为 {organisation} 的组织。",
    hint: "请选择其他名称；daochain org list 会列出已被使用的名称。",
  },
  ORGANISATION_NAME_INVALID: {
    message: "{name} 不能作为组织名称。",
    hint: "请使用 1 到 63 个小写字母、数字和连字符，且首尾不能是连字符。",
  },
  NAMESPACE_INVALID: {
    message: "{namespace} 不是仓库前缀。",
    hint: "请写成 docker.io/acme 的形式，不带标签。",
  },
  NAMESPACE_TAKEN: {
    message: "命名空间 {namespace} 与 {organisation} 拥有的命名空间重叠。",
    hint: "请选择其他命名空间；daochain org show {organisation} 会列出 {organisation} 拥有的命名空间。",
  },
  NAMESPACE_NOT_OWNED: {
    message: "{organisation} 不拥有命名空间 {namespace}。",
    hint: "daochain org show {organisation} 会列出它拥有的命名空间。",
  },
  ALREADY_ADMIN: {
    message: "{address} 已经是 {organisation} 的管理员。",
    hint: "无需操作；daochain org show {organisation} 会列出管理员。",
  },
  ALREADY_SIGNER: {
    message: "{address} 已经是 {organisation} 的签名者。",
    hint: "无需操作；daochain org show {organisation} 会列出签名者。",
  },
  WAS_SIGNER: {
    message: "{address} 曾是 {organisation} 的签名者；离开的密钥不能再回来。",
    hint: "用 daochain account create 创建新密钥，并添加其地址。",
  },
  LAST_ADMIN: {
    message: "{organisation} 的最后一位管理员不能离开。",
    hint: "请先添加另一位：daochain org add-admin {organisation} ADDRESS。",
  },
  CONTRACT_LIMIT: { message: "最多允许 {limit} 个 {what}。", hint: "请去掉一些，或分几次发送。" },
  TEXT_TOO_LONG: { message: "{what} 超过 {limit} 字节。", hint: "请缩短它。" },
  THRESHOLD_OUT_OF_RANGE: {
    message: "需要 {threshold} 个签名的门槛不适合 {signers} 个签名者。",
    hint: "请先将门槛设为 1 到签名者人数之间（daochain org threshold {organisation} N），或添加签名者（daochain org add-signer {organisation} ADDRESS）。",
  },
  VOID_IN_FUTURE: {
    message: "不能从 {since} 起作废签名者：对链来说，该时刻在未来。",
    hint: "请选择已过去的时刻，并检查本机时钟。",
  },
  ALREADY_VOIDED: {
    message: "{address} 自 {since} 起已作废；作废时间只能提前。",
    hint: "请选择更早的时刻。",
  },
  ADDRESS_ZERO: { message: "零地址不能用在此处。", hint: "请给出某个账户的地址。" },
  CLAIM_UNKNOWN: { message: "注册合约中没有声明 {claim}。", hint: "daochain log 会显示已记录的内容。" },
  CLAIM_EMPTY: { message: "声明必须至少包含一个摘要。", hint: "请签名带有摘要的镜像。" },
  DIGEST_KIND_INVALID: {
    message: "{kind} 不是注册合约接受的摘要类型。",
    hint: "请使用与注册合约对应的 daochain 版本。",
  },
  DIGEST_ZERO: { message: "全零的摘要无效。", hint: "请给出真实内容的摘要。" },
  REVOCATION_EMPTY: { message: "撤销必须至少包含一个摘要。", hint: "请指定镜像或摘要。" },
  CLAIM_FROM_FUTURE: {
    message: "声明的时间是 {issuedAt}，但链的时间是 {blockTime}。",
    hint: "请检查本机时钟，然后重新签名。",
  },
  CLAIM_EXPIRED: {
    message: "声明已于 {expiresAt} 过期；链的时间是 {blockTime}。",
    hint: "请用更晚的 --expires 重新签名。",
  },
  CLAIM_ALREADY_REVOKED: {
    message: "声明 {claim} 已被永久撤销。",
    hint: "没有可再撤销的内容；如要再次声明该镜像，请重新签名。",
  },
  DIGEST_ALREADY_REVOKED: {
    message: "{organisation} 已永久撤销 {digest}。",
    hint: "没有可再撤销的内容；如要签名，请重新构建镜像。",
  },
  ANNOTATIONS_DIFFER: { message: "注解不是签名时的注解。", hint: "请原样提交 daochain sign 写出的文件。" },
  SIGNATURES_MISSING: { message: "声明至少需要一个签名。", hint: "请用 daochain sign 签名。" },
  BATCH_INCOMPLETE: {
    message: "该声明属于仍在等待的批次：必须重新发送该批次的每个声明。",
    hint: "daochain approve 会全部发送。",
  },
  BATCH_EMPTY: { message: "批次必须至少包含一个声明。", hint: "请指定镜像。" },
  BATCH_MIXED: { message: "同一批次的声明必须属于同一组织。", hint: "请分别为每个组织签名。" },
  BATCH_ANNOTATIONS_MISSING: {
    message: "{claims} 个声明附带了 {annotations} 份注解。",
    hint: "请为每个声明发送注解，没有注解时发送空的。",
  },
  BATCH_INDEX_INVALID: {
    message: "在 {length} 个声明的批次中没有第 {index} 个声明。",
    hint: "请指定此批次中的声明。",
  },
  SIGNATURE_INVALID: {
    message: "该签名不是 {address} 在此链和注册合约上对此声明的签名。",
    hint: "请为此网络重新签名该声明。",
  },
  CONTRACT_ADDRESS_EMPTY: { message: "{address} 处没有合约。", hint: "请检查地址。" },
  CALL_FAILED: { message: "一起发送的调用中有一个无故失败。", hint: "请逐个发送以找出是哪一个。" },
  PAGE_INVALID: { message: "注册合约一次最多列出 {limit} 个组织。", hint: "请每次少请求一些。" },
} as const;
