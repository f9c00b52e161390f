export const accountErrors = {
  PASSWORD_TOO_SHORT: { message: "新密码太短。", hint: "请选择至少 {least} 个字符的密码。" },
} as const;
