export const backupErrors = {
  BACKUP_EXISTS: { message: "文件 {file} 已经存在。", hint: "请另选名称：备份绝不替换已有文件。" },
  BACKUP_NOT_FOUND: { message: "没有备份 {file}。", hint: "请指定 daochain backup 写出的文件。" },
  BACKUP_INVALID: {
    message: "备份 {file} 无法使用：{why}。",
    hint: "没有恢复任何内容。请使用另一份备份。",
  },
  BACKUP_CHAIN_INCOMPLETE: {
    message: "{directory} 下的链丢失了 {file}。",
    hint: "请从更早的备份中恢复它；没有写出任何内容。",
  },
  BACKUP_UNSTABLE: { message: "复制期间文件 {file} 发生了变化。", hint: "请再次运行同一命令。" },
  BACKUP_TOO_LARGE: {
    message: "备份无法容纳 {what}：{size} 超过了 {most}。",
    hint: "请检查主目录；不属于那里的内容可以移走。",
  },
  HOME_NOTHING_TO_KEEP: {
    message: "{directory} 下没有可备份的内容。",
    hint: "请用 --home DIR 指定主目录。",
  },
  HOME_NOT_EMPTY: {
    message: "主目录 {directory} 已经存在。",
    hint: "没有改变任何东西。请把它移走，或用 --home DIR 恢复到另一个主目录。",
  },
  HOME_IN_USE: { message: "{directory} 下的链正在运行。", hint: "请先用 daochain down 停止它。" },
  RESTORE_ROLLS_BACK: {
    message: "主目录 {directory} 会失去{what}：他人可能已经看到并依赖的内容会被撤回。",
    hint: "没有改变任何东西。如果仍要用较旧的主目录替换它，请加上 --rollback；现有主目录会保留在旁边。",
  },
  ROLLBACKS_INVALID: {
    message: "文件 {file} 中没有回滚记录。",
    hint: "请从备份中恢复它，或把它移走。",
  },
} as const;
