export const imageErrors = {
  REFERENCE_INVALID: {
    message: "{reference} 不是镜像引用：{reason}。",
    hint: "请写成 docker.io/library/alpine:3.20、oci:目录:标签 或 docker-archive:文件 的形式。",
  },
  IMAGE_NOT_FOUND: { message: "{place}没有镜像 {image}。" },
  IMAGE_EMPTY: { message: "{image} 中没有镜像。" },
  IMAGE_FILE_NOT_FOUND: { message: "找不到 {image}：没有{kind} {path}。", hint: "请检查路径。" },
  IMAGE_FILE_UNREADABLE: { message: "无法读取 {image}：{path}：{reason}。" },
  IMAGE_FILE_NOT_REGULAR: { message: "无法读取 {image}：{path} 不是普通文件。" },
  IMAGE_LIMIT_EXCEEDED: { message: "不再继续读取镜像：{reason}。" },
  NOT_A_CONTAINER_IMAGE: {
    message: "这不是容器镜像：{reason}。",
    hint: "DaoChain 验证 schema 2 和 OCI 镜像，不验证 schema 1 和其他制品。",
  },
  PLATFORM_UNKNOWN: { message: "镜像的平台 {platform} 不是有效平台。" },
  LAYER_DIGEST_UNSUPPORTED: { message: "镜像的配置用 SHA-256 以外的摘要指明层。" },
  LAYER_COMPRESSION_UNSUPPORTED: { message: "镜像的 {at} 使用了 gzip 和 zstd 以外的压缩方式。" },
  NOTHING_UNPACKED: {
    message: "{image} 不在 Docker Engine 中，因此没有解开的内容。",
    hint: "daochain verify 会把它的字节与摘要进行比较。",
  },
} as const;
