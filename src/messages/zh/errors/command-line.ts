export const commandLineErrors = {
  TIMEOUT_INVALID: {
    message: "{text} 不是可用的时限。",
    hint: "写成 --timeout 30s、5m 或 1h。",
  },
  TIMED_OUT: {
    message: "在 --timeout {duration} 的时限内没有完成。",
    hint: "请给它更长的时间。daochain status 会显示链是否应答。",
  },
  TIMED_OUT_AFTER_SENDING: {
    message:
      "在 --timeout {duration} 的时限内没有完成。已发送 {count} 笔交易，它们仍可能被记录：{transactions}。",
    hint: "重做之前，先用 daochain log 查看。",
  },
  CANCELLED_AFTER_SENDING: {
    message: "已取消。已发送 {count} 笔交易，它们仍可能被记录：{transactions}。",
    hint: "重做之前，先用 daochain log 查看。",
  },
  NO_IMAGE_NAMED: {
    message: "没有指定镜像。",
    hint: "请指定一个或多个镜像，或者一个列出镜像的文件：--file LIST。",
  },
  LIST_MISSING: {
    message: "列表 {file} 不存在。",
    hint: "请指定每行一个镜像的文件，或用 - 表示标准输入。",
  },
  LIST_TOO_LARGE: {
    message: "标准输入上的列表超过 4 MB。",
    hint: "请分几次调用。",
  },
  STDIN_TAKEN_TWICE: {
    message: "标准输入不能既提供镜像列表又提供密码。",
    hint: "请把其中之一放进文件。",
  },
  TOO_MANY_IMAGES: {
    message: "{count} 个镜像超出了一次调用的上限，最多 {most} 个。",
    hint: "请分几次调用。",
  },
  TRANSPORT_MISSING: {
    message: "{file} 就在本地，但没有写传输方式时，它会被当作引擎或镜像仓库中的镜像。",
    hint: "要指本地的这个，请写 {reference}。",
  },
  MOMENT_INVALID: {
    message: "{text} 既不是区块也不是时刻。",
    hint: "写成 --at 1234、--at 2026-01-31T14:00:00Z，或用 --at 3d 表示三天前。",
  },
  MOMENT_AHEAD: {
    message: "{text} 在未来：那时会记录什么，没有人知道。",
    hint: "省略 --at 即询问现在。",
  },
  POLICY_NAMES_SIGNERS: {
    message: "策略文件本身已规定必须由谁签名。",
    hint: "请省略 --org 或 --policy。",
  },
  NOTHING_PENDING: {
    message: "{organisation} 没有关于 {target} 的声明在等待签名。",
    hint: "daochain verify 显示声明了什么；daochain sign 创建声明。",
  },
  CLAIM_FILE_MISSING: {
    message: "文件 {file} 不存在。",
    hint: "daochain sign --output FILE 会写出这样的文件。",
  },
  CLAIM_NOT_FOUND: {
    message: "{organisation} 没有声明 {claim}。",
    hint: "daochain log 显示声明过什么。",
  },
  NOTHING_CLAIMED: {
    message: "{organisation} 没有以 {target} 为名声明过任何内容。",
    hint: "请指定手边的镜像或一个摘要。daochain log 显示声明过什么。",
  },
  REASON_EMPTY: {
    message: "撤销需要一个所有人可见的原因。",
    hint: '写成 --reason "第 3 层泄露了密钥"。',
  },
  LOG_OF_FILE: {
    message: "日志按仓库、标签和摘要记录，不按文件。",
    hint: "daochain verify 会显示文件中的镜像以什么名称被声明。",
  },
  ANNOTATION_INVALID: {
    message: "{text} 不是注释。",
    hint: "写成 --annotation key=value。",
  },
  EXPIRY_INVALID: {
    message: "{text} 不是未来的时间。",
    hint: "写成 --expires 90d（s、m、h、d、w、y），或日期，例如 2030-01-31。",
  },
  OUTPUT_OF_ONE_IMAGE: {
    message: "使用 --output 时，一次只能签名一个镜像。",
    hint: "请为每个镜像分别调用 daochain sign --output。",
  },
  OUTPUT_IS_NOT_RECORDED: {
    message: "使用 --output 时不会记录任何内容，--until 没有可等待的对象。",
    hint: "请在负责记录的 daochain submit 中使用 --until。",
  },
  OFFLINE_PLACE_UNKNOWN: {
    message: "要在没有链的情况下签名，必须知道注册合约和组织。",
    hint: "请从运行过 daochain up 的地方复制 {file}，并用 --org 指定组织。",
  },
  PUSHED_UNSIGNED: {
    message: "{image} 已推送，但未签名：{error}",
    hint: "请再次运行 daochain push {image}：镜像仓库已有的内容不会重复发送。",
  },
  PUSHED_SIGNING_REFUSED: {
    message: "{image} 已推送，但未签名：{error}",
    hint: "解决之后再次运行 daochain push {image}：镜像仓库已有的内容不会重复发送。",
  },
  PUSHED_SIGNING_CANCELLED: {
    message: "{image} 已推送，但可能未签名：{error}",
    hint: "先用 daochain log 查看，再运行 daochain push {image}：镜像仓库已有的内容不会重复发送。",
  },
  DOCKER_COMMAND_MISSING: {
    message: "没有可用来启动容器的命令 {command}。",
    hint: "请安装 Docker 的命令行（docker-cli），或把它放到 PATH 中。",
  },
  DOCKER_FLAGS_UNKNOWN: {
    message: "{command} 没有说明其 run 命令接受哪些选项。",
    hint: "请查看 docker run --help 的输出。",
  },
  RUN_FLAG_UNKNOWN: {
    message: "docker run 没有选项 {flag}。",
    hint: "镜像之前可以写 docker run 的选项，以及 --org、--depth、--home、--timeout、--json、--no-color。",
  },
  RUN_FLAG_WITHOUT_VALUE: {
    message: "选项 {flag} 需要一个值。",
    hint: "镜像之前可以写 docker run 的选项，以及 --org、--depth、--home、--timeout、--json、--no-color。",
  },
  RUN_OPTION_WITH_VALUE: {
    message: "选项 {option} 不带值。",
    hint: "请单独写它。",
  },
  RUN_WITHOUT_IMAGE: {
    message: "没有指定要运行的镜像。",
    hint: "依次写 daochain run、docker run 的选项、镜像，以及传给容器的内容。",
  },
  RUN_NEVER_PULLS: {
    message: "运行时不会拉取镜像：--pull={value}。",
    hint: "请先运行 daochain pull {image}。",
  },
  DEPTH_INVALID: {
    message: "{text} 不是深度。",
    hint: "可选值：{depths}。",
  },
  IMAGE_OUTSIDE_ENGINE: {
    message: "{image} 不在本机的 Docker 引擎中。",
    hint: "用 docker load 载入，或用 daochain pull 拉取。",
  },
  IMAGE_NOT_IN_ENGINE: {
    message: "本机的 Docker 引擎没有镜像 {image}。",
    hint: "用 daochain pull {image} 拉取。",
  },
  DOCKER_FLAG_WITHOUT_VALUE: {
    message: "docker 的选项 {flag} 需要一个值。",
    hint: "请在其后写上值。",
  },
  SEVERAL_DAEMONS: {
    message: "docker 的选项指定了多个守护进程。",
    hint: "请只写一个 --host，或一个 --context。",
  },
  TLS_FILES_ONE_BY_ONE: {
    message: "连接 Docker 守护进程的 TLS 文件不能逐个指定。",
    hint: "请把 ca.pem、cert.pem 和 key.pem 放进同一目录，用 DOCKER_CERT_PATH 或 Docker 上下文指定它。",
  },
  TLS_UNVERIFIED: {
    message: "使用 --tls 时，任何人都可以冒充 Docker 守护进程应答。",
    hint: "请使用 --tlsverify。",
  },
  DECLINED: { message: "没有做任何更改。" },
  CONFIRMATION_MISSING: {
    message: "此操作无法撤回，而这里没有可供确认的终端。",
    hint: "加上 --yes 即可不经确认直接执行。",
  },
  NETWORK_JOINED: {
    message: "{home} 已加入一个网络（链 ID {chainId}），这里没有可启动的链。",
    hint: "daochain status 显示该网络。若要自己的链，请使用另一个主目录：daochain up --home DIR。",
  },
  RPC_URL_SET: {
    message: "已设置 DAOCHAIN_RPC_URL：命令会询问该端点，而不是 up 启动的链。",
    hint: "取消设置 DAOCHAIN_RPC_URL，然后再次运行 daochain up。",
  },
  ORGANISATION_NOT_CHOSEN: {
    message: "没有使用中的组织。",
    hint: "运行 daochain up，用 daochain org use NAME 选择一个，或用 --org 指定。",
  },
  ACCOUNT_NONE: {
    message: "还没有账户。",
    hint: "daochain up 会创建一个；也可以用 daochain account create 或 import。",
  },
  ACCOUNT_NOT_CHOSEN: {
    message: "有多个账户，但没有使用中的账户。",
    hint: "用 daochain account use NAME 选择一个，或用 --account 指定。",
  },
  ACCOUNT_IN_USE: {
    message: "账户 {name} 正在使用中。",
    hint: "先用 daochain account use NAME 选择另一个，或加上 --yes 仍然删除它。",
  },
  PASSWORD_MISSING: {
    message: "需要账户 {account} 的密码。",
    hint: "把它写入文件并用 DAOCHAIN_PASSWORD_FILE 指定该文件，或用 --password-fd 0 传入，或在终端上运行。",
  },
  PASSWORD_FILE_MISSING: { message: "密码文件 {file} 不存在。", hint: "请检查 DAOCHAIN_PASSWORD_FILE。" },
  NEW_PASSWORD_MISSING: {
    message: "需要账户 {account} 的新密码。",
    hint: "用 --new-password-fd 0 < FILE 传入，或在终端上运行。",
  },
  PASSWORD_DESCRIPTORS_EQUAL: {
    message: "--password-fd 和 --new-password-fd 指定了同一个文件描述符。",
    hint: "请使用两个：--password-fd 3 3< OLD --new-password-fd 4 4< NEW。",
  },
  DESCRIPTOR_IS_TERMINAL: {
    message: "文件描述符 {descriptor} 是终端，会显示密码。",
    hint: "省略该选项即可由程序询问，或将其连接到文件或管道。",
  },
  DESCRIPTOR_UNREADABLE: {
    message: "无法从文件描述符 {descriptor} 读取密码。",
    hint: "请连接它：--password-fd 0 < FILE，或 --password-fd 3 3< FILE。",
  },
  DESCRIPTOR_TOO_LONG: { message: "文件描述符 {descriptor} 给出的内容超过了一个密码的长度。" },
  PRIVATE_KEY_TWICE: {
    message: "同时设置了 DAOCHAIN_PRIVATE_KEY 和 DAOCHAIN_PRIVATE_KEY_FILE。",
    hint: "请取消其中一个。",
  },
  PRIVATE_KEY_FILE_MISSING: {
    message: "密钥文件 {file} 不存在。",
    hint: "请检查 DAOCHAIN_PRIVATE_KEY_FILE。",
  },
  ADDRESS_WITHOUT_SIGNER: {
    message: "--address 用于选择外部签名器中的账户。",
    hint: "请用 --signer 指定签名器。",
  },
  KEYSTORE_AND_SIGNER: {
    message: "账户要么在密钥库文件中，要么在外部签名器处。",
    hint: "请去掉 --keystore 或 --signer。",
  },
  KEYSTORE_FILE_MISSING: { message: "密钥库文件 {file} 不存在。" },
  SIGNER_HAS_NO_ACCOUNT: { message: "该签名器没有列出任何账户。" },
  SIGNER_ACCOUNT_NOT_CHOSEN: {
    message: "该签名器列出了 {count} 个账户。",
    hint: "请用 --address 指定要使用的账户。",
  },
  SINCE_INVALID: {
    message: "{text} 不是日期或时间。",
    hint: "请写 --since 2026-01-31、2026-01-31T14:00:00Z，或 表示三天前的 3d。",
  },
  THRESHOLD_INVALID: { message: "{text} 不是签名数。" },
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
  APPROVED_IMAGE_CORRUPT: {
    message: "{image} 已损坏：{at}：{detail}。",
    hint: "没有批准任何内容。请重新获取或构建该镜像。",
  },
} as const;
