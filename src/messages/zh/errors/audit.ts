export const auditErrors = {
  TOO_MANY_IMAGES_LISTED: { message: "{path} 中的镜像超过 {limit} 个。", hint: "请分几部分审计。" },
  COMPOSE_FILE_MISSING: {
    message: "{directory} 中没有 compose 文件。",
    hint: "它应名为 {names}；其他名称请直接指定文件。",
  },
  MANIFESTS_MISSING: { message: "没有文件或文件夹 {path}。", hint: "请指定清单文件，或包含清单的文件夹。" },
  FOLDER_TOO_DEEP: { message: "文件夹 {path} 嵌套过深。", hint: "请分别审计其各部分。" },
  TOO_MANY_MANIFESTS: { message: "{path} 中的清单超过 {limit} 个。", hint: "请分别审计其各部分。" },
  YAML_FILE_MISSING: { message: "文件 {path} 不存在。", hint: "请检查路径。" },
  YAML_INVALID: { message: "无法将 {path} 作为 YAML 读取：{reason}。", hint: "请修复该文件。" },
  YAML_TOO_LARGE: { message: "{path} 的内容超过单个文件的读取上限。", hint: "请将其拆分为多个文件。" },
  VARIABLES_INVALID: {
    message: "无法填充 {text}：{reason}。",
    hint: "请在环境变量或文件旁的 .env 中设置它需要的变量。",
  },
} as const;
