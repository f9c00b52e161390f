export const commandLineErrors = {
  ORGANISATION_NOT_CHOSEN: {
    message: "没有使用中的组织。",
    hint: "请运行 daochain up，用 daochain org use NAME 选择一个，或用 --org 指定。",
  },
  LIST_MISSING: {
    message: "列表 {file} 不存在。",
    hint: "请指定一个每行一个镜像的文件，或用 - 表示标准输入。",
  },
  REPOSITORY_INVALID: {
    message: "{text} 不是仓库。",
    hint: "请不带标签书写，例如 acme/api。",
  },
  WATCH_TARGET_INVALID: {
    message: "{text} 既不是仓库也不是标签。",
    hint: "请指定一个，例如 acme/api 或 acme/api:1.4.2。",
  },
  WEBHOOK_URL_INVALID: {
    message: "webhook 的 URL 不是 http 或 https URL。",
    hint: "请写成 https://hooks.example.com/daochain 这样。",
  },
  WEBHOOK_NOT_ENCRYPTED: {
    message: "webhook 的 URL 未加密。",
    hint: "请使用 https；http 只用于本机的服务器。",
  },
  WEBHOOK_URL_WITH_PASSWORD: {
    message: "webhook 的 URL 中含有密码。",
    hint: "请改为设置 DAOCHAIN_WEBHOOK_SECRET，请求会用它签名。",
  },
  STDOUT_TAKEN_TWICE: {
    message: "--json、--sarif - 和 --html - 中只有一个可以写到标准输出。",
    hint: "请为其余的指定文件。",
  },
  AUDIT_STDIN_TAKEN_TWICE: {
    message: "--compose、--kubernetes 和 --file 中只有一个可以读取标准输入。",
    hint: "请为其余的指定文件。",
  },
  STDIN_TOO_LARGE: {
    message: "标准输入超过 {limit} 字节。",
    hint: "请分几次给出。",
  },
  POLICY_FILE_EXISTS: {
    message: "文件 {file} 已存在。",
    hint: "daochain policy check 会说明它能否使用。",
  },
  OPTIONS_BESIDE_POLICY_FILE: {
    message: "给出 --policy 时，由该文件规定谁必须签名，以及是否允许已被取代的镜像。",
    hint: "请去掉 --org 和 --allow-superseded，或去掉 --policy。",
  },
  GATE_CERTIFICATE_NOT_GIVEN: {
    message: "API server 通过 TLS 询问，因此门禁需要证书。",
    hint: "请给出 --cert FILE 和 --key FILE，或在集群中给出 --cert-secret NAME。",
  },
  GATE_CERTIFICATE_GIVEN_TWICE: {
    message: "--cert 和 --key 指定了一份证书，--cert-secret 指定了另一份。",
    hint: "请去掉 --cert-secret，或去掉 --cert 和 --key。",
  },
  GATE_OUTSIDE_CLUSTER: {
    message: "--cert-secret 只在门禁运行于集群中时可用。",
    hint: "在别处，请给出 --cert FILE 和 --key FILE。",
  },
  DAEMON_JSON_INVALID: {
    message: "引擎的配置 {file} 不是 JSON 对象。",
    hint: "请先修复它；它没有被改动。",
  },
  DAEMON_JSON_PLUGINS_INVALID: {
    message: "引擎的配置 {file} 中的 {key} 不是名称列表。",
    hint: "请先修复它；它没有被改动。",
  },
  DAEMON_JSON_REFUSED: {
    message: "引擎不接受加入门禁后的配置 {file}：{said}。",
    hint: "该文件没有被改动。",
  },
  SYSTEMCTL_FAILED: {
    message: "systemctl {arguments} 失败：{said}。",
    hint: "没有 systemd 时，请以其他方式运行门禁：见 docs/gates/。",
  },
  GATE_NOT_READY: {
    message: "门禁在 {seconds} 秒内没有读完注册合约。",
    hint: "请查看 journalctl -u {unit}。没有改动任何内容。",
  },
  ENGINE_SILENT_WITH_GATE: {
    message: "引擎询问门禁时，在 {seconds} 秒内没有应答。",
    hint: "请查看 journalctl -u {unit}。没有改动任何内容。",
  },
  LINE_BREAK_IN_COMMAND: {
    message: "某个路径或选项含有换行，服务的命令中不能有换行。",
    hint: "请使用不含换行的路径。",
  },
  CONTAINERD_NOT_FOUND: {
    message: "既没有程序 {containerd}，也没有配置 {config}。",
    hint: "请用 --containerd 和 --config 指定。",
  },
  CONTAINERD_CONFIG_REFUSED: {
    message: "containerd 无法读取其配置 {config}：{said}。",
    hint: "请修复它，或用 --config 指定另一个。",
  },
  CONTAINERD_CONFIG_NOT_TOML: {
    message: "无法读取 containerd 的配置：{source} 不是 TOML。",
    hint: "请修复它，或用 --config 指定另一个。",
  },
  CONTAINERD_BIN_DIR_RELATIVE: {
    message: "containerd 的镜像验证器目录 bin_dir 为 {path}，不是绝对路径。",
    hint: "请在其配置中写入绝对路径。",
  },
  CONTAINERD_SETTINGS_INVALID: {
    message: "无法理解 containerd 中 {plugin} 的设置。",
    hint: "bin_dir 为文本，max_verifiers 为数字，per_verifier_timeout 为时长，例如 10s。",
  },
  CONTAINERD_IMPORTS_TOO_MANY: {
    message: "containerd 的配置 {file} 导入了超过 {limit} 个文件。",
    hint: "请用 --containerd 指定 containerd 的程序：它会自己读取。",
  },
  CONTAINERD_IMPORT_UNKNOWN: {
    message: "无法跟随 containerd 配置中的导入 {pattern}。",
    hint: "请用 --containerd 指定 containerd 的程序：它会自己跟随。",
  },
  CONTAINERD_BIN_DIR_EMPTY: {
    message: "containerd 的镜像验证器目录 bin_dir 为空，它不会询问任何验证器。",
    hint: "所需条件见 docs/gates/containerd.md。没有改动任何内容。",
  },
  CONTAINERD_TOO_OLD: {
    message: "containerd {version} 没有镜像验证器，它不会询问任何验证器。",
    hint: "所需条件见 docs/gates/containerd.md。没有改动任何内容。",
  },
} as const;
