export const commonErrors = {
  CANCELLED: { message: "已取消。" },
} as const;
