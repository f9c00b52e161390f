export const commandLineErrors = {
  DECLINED: { message: "没有做任何更改。" },
  CONFIRMATION_MISSING: {
    message: "此操作无法撤回，而这里没有可供确认的终端。",
    hint: "加上 --yes 即可不经确认直接执行。",
  },
  NETWORK_JOINED: {
    message: "{home} 已加入一个网络（链 ID {chainId}），这里没有可启动的链。",
    hint: "daochain status 显示该网络。若要自己的链，请使用另一个主目录：daochain up --home DIR。",
  },
  RPC_URL_SET: {
    message: "已设置 DAOCHAIN_RPC_URL：命令会询问该端点，而不是 up 启动的链。",
    hint: "取消设置 DAOCHAIN_RPC_URL，然后再次运行 daochain up。",
  },
  ORGANISATION_NOT_CHOSEN: {
    message: "没有使用中的组织。",
    hint: "运行 daochain up，用 daochain org use NAME 选择一个，或用 --org 指定。",
  },
  ACCOUNT_NONE: {
    message: "还没有账户。",
    hint: "daochain up 会创建一个；也可以用 daochain account create 或 import。",
  },
  ACCOUNT_NOT_CHOSEN: {
    message: "有多个账户，但没有使用中的账户。",
    hint: "用 daochain account use NAME 选择一个，或用 --account 指定。",
  },
  ACCOUNT_IN_USE: {
    message: "账户 {name} 正在使用中。",
    hint: "先用 daochain account use NAME 选择另一个，或加上 --yes 仍然删除它。",
  },
  PASSWORD_MISSING: {
    message: "需要账户 {account} 的密码。",
    hint: "把它写入文件并用 DAOCHAIN_PASSWORD_FILE 指定该文件，或用 --password-fd 0 传入，或在终端上运行。",
  },
  PASSWORD_FILE_MISSING: { message: "密码文件 {file} 不存在。", hint: "请检查 DAOCHAIN_PASSWORD_FILE。" },
  NEW_PASSWORD_MISSING: {
    message: "需要账户 {account} 的新密码。",
    hint: "用 --new-password-fd 0 < FILE 传入，或在终端上运行。",
  },
  PASSWORD_DESCRIPTORS_EQUAL: {
    message: "--password-fd 和 --new-password-fd 指定了同一个文件描述符。",
    hint: "请使用两个：--password-fd 3 3< OLD --new-password-fd 4 4< NEW。",
  },
  DESCRIPTOR_IS_TERMINAL: {
    message: "文件描述符 {descriptor} 是终端，会显示密码。",
    hint: "省略该选项即可由程序询问，或将其连接到文件或管道。",
  },
  DESCRIPTOR_UNREADABLE: {
    message: "无法从文件描述符 {descriptor} 读取密码。",
    hint: "请连接它：--password-fd 0 < FILE，或 --password-fd 3 3< FILE。",
  },
  DESCRIPTOR_TOO_LONG: { message: "文件描述符 {descriptor} 给出的内容超过了一个密码的长度。" },
  PRIVATE_KEY_TWICE: {
    message: "同时设置了 DAOCHAIN_PRIVATE_KEY 和 DAOCHAIN_PRIVATE_KEY_FILE。",
    hint: "请取消其中一个。",
  },
  PRIVATE_KEY_FILE_MISSING: {
    message: "密钥文件 {file} 不存在。",
    hint: "请检查 DAOCHAIN_PRIVATE_KEY_FILE。",
  },
  ADDRESS_WITHOUT_SIGNER: {
    message: "--address 用于选择外部签名器中的账户。",
    hint: "请用 --signer 指定签名器。",
  },
  KEYSTORE_AND_SIGNER: {
    message: "账户要么在密钥库文件中，要么在外部签名器处。",
    hint: "请去掉 --keystore 或 --signer。",
  },
  KEYSTORE_FILE_MISSING: { message: "密钥库文件 {file} 不存在。" },
  SIGNER_HAS_NO_ACCOUNT: { message: "该签名器没有列出任何账户。" },
  SIGNER_ACCOUNT_NOT_CHOSEN: {
    message: "该签名器列出了 {count} 个账户。",
    hint: "请用 --address 指定要使用的账户。",
  },
  SINCE_INVALID: {
    message: "{text} 不是日期或时间。",
    hint: "请写 --since 2026-01-31、2026-01-31T14:00:00Z，或 表示三天前的 3d。",
  },
  THRESHOLD_INVALID: { message: "{text} 不是签名数。" },
} as const;
