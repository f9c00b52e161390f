export const browserErrors = {
  TERMINAL_MISSING: {
    message: "镜像浏览器需要能移动光标的终端。",
    hint: "没有这样的终端时，daochain verify、search、images 和 log 会输出同样的内容。",
  },
  IMAGE_CHANGED: {
    message: "{image} 已不再是镜像 {id}。",
    hint: "没有签名。请先查看它现在是什么，再签名。",
  },
  CLAIM_CHANGED: {
    message: "声明 {claim} 与链先前给出的不同。",
    hint: "没有批准。请询问该链的另一个端点，再查看这项声明。",
  },
  REVOCATION_CHANGED: {
    message: "现在随 {subject} 撤销的内容会比先前告知的更多。",
    hint: "没有撤销任何内容。请查看现在会撤销什么。",
  },
  ACCOUNT_IN_ENVIRONMENT: {
    message: "当前使用的是 {variable} 中的密钥，而不是账户。",
    hint: "要选择账户，请在没有 {variable} 的环境中启动。",
  },
  HEAD_UNKNOWN: { message: "位于 {endpoint} 的链没有给出最新区块。" },
} as const;
