export const verdictMessages = {
  "no-digest": "该镜像没有任何声明可以引用的摘要",
} as const;
