export const dockerErrors = {
  DOCKER_UNREACHABLE: { message: "{host} 处的 Docker Engine {what}。" },
  DOCKER_FAILED: { message: "{host} 处的 Docker Engine {what}。" },
  DOCKER_SETTINGS_INVALID: {
    message: "{reason}。",
    hint: "请检查 DOCKER_HOST、DOCKER_CONTEXT、DOCKER_CERT_PATH 以及 ~/.docker 下的文件。",
  },
  ENGINE_LISTS_TOO_MUCH: {
    message: "{host} 处的 Docker Engine 列出 {count} 个{what}，超过 {limit} 个。",
    hint: "请移除无人使用的：docker system prune。",
  },
  ENGINE_PLATFORM_UNTOLD: {
    message: "{host} 处的 Docker Engine 只描述 {image} 在其自身平台上的内容，而不是 {platform}。",
    hint: "请使用 Docker 28 或更高版本，或用摘要指明该平台的镜像。",
  },
  ENGINE_NAME_INVALID: { message: "{image} 不是引擎中的镜像。" },
  CONTAINER_NOT_FOUND: { message: "{host} 处的 Docker Engine 没有这个容器。" },
  LAYERS_AMBIGUOUS: {
    message: "无法把 {image} 与它的层进行比较，因为不同引擎会以不同方式解开：{reason}。",
    hint: "请使用 --depth content，或在构建时去掉这样的层。",
  },
  LAYERS_CORRUPT: { message: "无法把 {image} 与它的层进行比较：{reason}。", hint: "请重新拉取或构建它。" },
  NOT_FOR_LINUX: {
    message: "无法查看 {image} 将运行的内容：它不是 Linux 镜像。",
    hint: "请使用 --depth content。",
  },
  IMAGE_NOT_SERVED: {
    message: "{host} 处的 Docker Engine 无法{what}：{message}。",
    hint: "请检查名称；私有镜像可能需要 docker login。",
  },
} as const;
