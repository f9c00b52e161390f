export const filesErrors = {
  NO_SPACE: {
    message: "{path} 所在的设备空间已满；没有写入任何内容。",
    hint: "释放一些空间，再运行同一条命令。",
  },
  FILE_UNREADABLE: { message: "无法读取文件 {path}：{reason}。" },
  FILE_UNWRITABLE: { message: "无法写入文件 {path}：{reason}。" },
  FILE_NOT_REGULAR: { message: "{path} 不是普通文件。" },
  FILE_TOO_LARGE: { message: "文件 {path} 超过 {limit} 字节。" },
  DIRECTORY_UNREADABLE: { message: "无法读取目录 {path}：{reason}。" },
  DIRECTORY_UNWRITABLE: { message: "无法创建目录 {path}：{reason}。" },
  FILE_NOT_JSON: {
    message: "文件 {path} 的内容不是 JSON 对象。",
    hint: "修复它，或将其移走后运行 daochain up。",
  },
  LOCK_FAILED: {
    message: "无法获取锁 {path}。",
    hint: "它必须位于可写的目录中，且文件系统支持 POSIX 锁。",
  },
  JSON_INVALID: {
    message: "无法读取 {what}：{reason}。",
    hint: "请重新构建、保存或获取它；如果仍然如此，则是写出它的程序有问题。",
  },
  JSON_TOO_LARGE: { message: "{what} 超过 {limit} 字节。" },
  JSON_LIST_TOO_LONG: { message: "{what} 列出了 {count} 个 {name}，超过 {limit} 个。" },
  DIGEST_UNSUPPORTED: {
    message: "{what} 使用了 SHA-256 以外的摘要：{digest}。",
    hint: "只能验证 SHA-256 摘要。",
  },
  PATH_CLOSED: { message: "无法查看 {path}：权限不足。", hint: "请以其所有者的身份运行此命令。" },
} as const;
