export const accountErrors = {
  ACCOUNT_NOT_FOUND: {
    message: "没有名为 {name} 的账户。",
    hint: "daochain account list 会列出账户；daochain account create 会创建一个。",
  },
  ACCOUNT_EXISTS: { message: "已经有名为 {name} 的账户。", hint: "请选择其他名称；账户不会被覆盖。" },
  ACCOUNT_NAME_INVALID: {
    message: "{name} 不能作为账户名称。",
    hint: "请使用最多 63 个小写字母、数字、'.'、'_' 和 '-'，以字母或数字开头。",
  },
  ACCOUNT_FILE_INVALID: {
    message: "账户 {name} 的文件没有指明地址和签名器。",
    hint: "请用其他名称重新导入：daochain account import NAME --signer URL。",
  },
  KEY_ELSEWHERE: {
    message: "账户 {name} 的密钥在 {signer} 处的签名器中，不在此处。",
    hint: "只有签名器自己才能交出其密钥。",
  },
  KEY_INVALID: {
    message: "该私钥不是有效的 secp256k1 密钥。",
    hint: "私钥是 64 位十六进制数字，带不带 0x 均可。",
  },
  PUBLIC_KEY_INVALID: {
    message: "该公钥不是 DER 格式的 secp256k1 曲线公钥。",
    hint: "请向 KMS 申请 ECC_SECG_P256K1 类型的密钥（它有多种叫法），并获取 SPKI 格式的公钥。",
  },
  KEYSTORE_INVALID: {
    message: "该文件不是版本 3 的密钥库。",
    hint: "密钥库文件由 daochain、geth 和 web3 工具写出；裸私钥请按私钥导入。",
  },
  KEYSTORE_WITHOUT_ADDRESS: {
    message: "账户 {name} 的密钥库文件没有指明地址。",
    hint: "将 {path} 移走后导入：daochain account import {name} --keystore FILE。",
  },
  KEYSTORE_KEY_INVALID: {
    message: "无法解密密钥库文件：其密钥无效，或不属于它所指明的地址。",
    hint: "请使用该文件的其他副本。",
  },
  PASSWORD_WRONG: {
    message: "该密码无法打开此账户。",
    hint: "请检查 DAOCHAIN_PASSWORD_FILE，或输入创建账户时的密码。",
  },
  SIGNER_URL_HOLDS_SECRET: {
    message: "签名器的 URL 含有用户或密码，它们会出现在进程列表和文件中。",
    hint: "请不带它们访问签名器：通过 unix 套接字、回环接口，或会添加它们的代理。",
  },
  SIGNER_URL_INVALID: {
    message: "{url} 不是签名器的 URL。",
    hint: "请写成 https://...、本机回环地址（127.0.0.1）上的 http://，或 unix:/path/to/clef.ipc。",
  },
  SIGNER_UNREACHABLE: {
    message: "无法连接 {endpoint} 处的签名器：{reason}。",
    hint: "请启动签名器，或检查其 URL：daochain account show。",
  },
  SIGNER_DENIED: {
    message: "{endpoint} 处的签名器拒绝此客户端：返回 HTTP 状态 {status}。",
    hint: "请检查访问权限，或其前面是否有代理。",
  },
  SIGNER_HTTP_FAILED: {
    message: "{endpoint} 处的签名器返回 HTTP 状态 {status}。",
    hint: "请检查签名器的 URL：daochain account show。",
  },
  SIGNER_NOT_JSON_RPC: {
    message: "端点 {endpoint} 的应答不符合 JSON-RPC；它似乎不是签名器。",
    hint: "请检查签名器的 URL：daochain account show。",
  },
  SIGNER_ANSWER_TOO_LARGE: { message: "{endpoint} 处的签名器返回的应答超过 {limit} 字节。" },
  SIGNER_REFUSED: {
    message: "{endpoint} 处的签名器拒绝了：{reason}。",
    hint: "没有签名任何内容。请在签名器上确认，或检查它是否持有此账户并可用其签名。",
  },
  SIGNER_ACCOUNTS_UNTOLD: {
    message: "{endpoint} 处的签名器没有列出其账户。",
    hint: "请用 --address 指定账户。",
  },
  SIGNER_SIGNATURE_WRONG: {
    message: "来自 {signer} 的内容不是 {address} 的签名。",
    hint: "没有发送任何内容。请检查此签名器是否持有该账户的密钥，以及它是否按所给内容签名。",
  },
  SIGNER_TRANSACTION_WRONG: {
    message: "{endpoint} 处的签名器签名的交易不是所请求的那一笔。",
    hint: "没有发送任何内容。请检查此 URL 背后是什么。",
  },
  PASSWORD_TOO_SHORT: { message: "新密码太短。", hint: "请选择至少 {least} 个字符的密码。" },
} as const;
