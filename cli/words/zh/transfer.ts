export const transfer: typeof import("../en/transfer.ts").transfer = {
  notStarted: "daochain：没有启动它。",
  warning: (image, warning) => `daochain：${image}：${warning}`,
};
