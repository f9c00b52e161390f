export const catalogueErrors = {
  INDEX_UNREADABLE: {
    message: "无法读取索引 {file}。",
    hint: "其中的内容链上都有。删除它，下一次 daochain search 或 daochain images 会重新建立。",
  },
} as const;
