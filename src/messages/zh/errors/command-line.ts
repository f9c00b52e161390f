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
} as const;
