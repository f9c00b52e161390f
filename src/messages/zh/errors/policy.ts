export const policyErrors = {
  POLICY_UNREADABLE: {
    message: "无法将 {path} 作为策略读取：{reason}。",
    hint: "docs/policy.md 介绍了策略。",
  },
  POLICY_INVALID: { message: "{path}：{place} {rule}。", hint: "docs/policy.md 介绍了策略。" },
  POLICY_FILE_MISSING: { message: "没有策略文件 {path}。", hint: "daochain policy init 会创建一个。" },
} as const;
