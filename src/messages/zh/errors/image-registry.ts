export const imageRegistryErrors = {
  REGISTRY_UNREACHABLE: { message: "无法连接镜像仓库 {registry}：{reason}。" },
  REGISTRY_FAILED: {
    message: "镜像仓库 {registry} {what}。",
    hint: "请稍后重试；如果仍然如此，请询问其运营者。",
  },
  REGISTRY_DENIED: { message: "镜像仓库 {registry} 拒绝{whom}访问 {path}（状态 {status}）。" },
  REGISTRY_MANIFEST_TOO_LARGE: { message: "镜像仓库 {registry} 提供的清单超过 {limit} 字节。" },
  REGISTRY_MANIFEST_FALSE: {
    message: "镜像仓库 {registry} {what}。",
    hint: "请勿使用此镜像；请询问镜像仓库的运营者。",
  },
  REGISTRY_TYPE_DIFFERS: {
    message: "镜像仓库 {registry} 以 {found} 类型提供 {digest}，而索引说是 {mediaType}。",
  },
  REGISTRY_TYPE_UNTOLD: { message: "镜像仓库 {registry} 没有说明 {image} 是什么：清单没有 Content-Type。" },
  REGISTRY_HOST_INVALID: { message: "{host} 不是镜像仓库的主机。" },
  CLIENT_CERTIFICATE_WITHOUT_KEY: { message: "客户端证书 {path} 旁边没有 {key}。" },
  CERTIFICATES_UNREADABLE: { message: "无法读取 {path}：{reason}。" },
  PROXY_INVALID: { message: "{name} 不是 HTTP 代理的地址。" },
  CREDENTIAL_HELPER_INVALID: { message: "Docker 的配置把 {name} 指定为凭据助手，但它不可能是。" },
  CREDENTIAL_HELPER_FAILED: {
    message: "凭据助手 {program} 在为 {registry} 服务时{what}。",
    hint: "它由 Docker 的配置指定；请这样尝试：echo {registry} | {program} get。",
  },
  CREDENTIALS_INVALID: {
    message: "{source} 中为 {registry} 保存的不是用户名和密码。",
    hint: "请重新运行 docker login {registry}。",
  },
  CREDENTIALS_NOT_JSON: { message: "{source} 不是 JSON。" },
  REGISTRY_CONFIG_MISSING: {
    message: "镜像仓库 {registry} 有清单，却没有它的配置 {digest}。",
    hint: "请重新推送镜像。",
  },
} as const;
