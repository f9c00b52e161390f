export const filesErrors = {
  PATH_CLOSED: { message: "无法查看 {path}：权限不足。", hint: "请以其所有者的身份运行此命令。" },
} as const;
