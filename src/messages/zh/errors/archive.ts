export const archiveErrors = {
  ARCHIVE_COMPRESSION_UNSUPPORTED: { message: "{image} 使用了 gzip 和 zstd 以外的压缩方式。" },
  ARCHIVE_NOT_OF_DOCKER: {
    message: "{image} 不是 docker save 的归档：它没有 manifest.json，或者其中不是 JSON。",
    hint: "单个文件中的 OCI 布局写作 oci-archive:文件；Docker 1.10 之前的归档须重新加载并保存。",
  },
  ARCHIVE_TABLE_INVALID: {
    message: "拒绝 {image}：其 manifest.json {reason}。",
    hint: "请重新保存镜像；问题出在写出此归档的工具。",
  },
  ARCHIVE_OF_TWO_IMAGES: {
    message: "拒绝 {image}，因为不同引擎会从中加载出不同的镜像：{reason}。",
    hint: "请重新保存镜像，不要加载被拒绝的归档。",
  },
  ARCHIVE_AMBIGUOUS: {
    message: "拒绝该归档，因为不同引擎会对它有不同的理解：{reason}。",
    hint: "请重新保存镜像；问题出在写出此归档的工具。",
  },
  IMAGE_AMBIGUOUS: { message: "{image} 可能是 {count} 个镜像中的任意一个。" },
  LAYOUT_NOT_A_DIRECTORY: {
    message: "无法读取 {image}：{path} 不是目录。",
    hint: "单个文件中的布局写作 oci-archive:文件。",
  },
  LAYOUT_INCOMPLETE: {
    message: "{image} 不是 OCI 布局：它没有 {file}。",
    hint: "docker save 写出的归档写作 docker-archive:文件。",
  },
  LAYOUT_VERSION_UNSUPPORTED: { message: "{image} 是 1.0.0 以外版本的 OCI 布局。" },
  LAYOUT_NOT_REPLACED: {
    message: "{directory} 非空且不是 OCI 布局，因此不会被替换。",
    hint: "请指定空目录或不存在的目录。",
  },
  LAYOUT_UNWRITABLE: { message: "无法写入 OCI 布局 {directory}：{reason}。" },
  IMAGE_DOCUMENT_NOT_JSON: { message: "镜像的 {what} 不是 JSON，或超过 {limit} 字节。" },
  IMAGE_DOCUMENT_AMBIGUOUS: {
    message: "镜像的 {what} 与其描述符的类型 {mediaType} 不符：{reason}。",
    hint: "请重新构建或复制镜像；问题出在写出它的工具。",
  },
  IMAGE_PART_MISSING: { message: "它的 {what} {digest} 不存在。" },
  IMAGE_CONFIG_INVALID: {
    message: "无法读取镜像的配置：其 {name} 不符合规定。",
    hint: "请重新构建镜像；问题出在写出它的工具。",
  },
  SCHEMA_UNSUPPORTED: {
    message: "镜像的 {what} 不是 schema 版本 2。",
    hint: "请用近十年内的 Docker 推送并拉取：schema 1 没有配置的摘要。",
  },
  INDEX_IMAGES_UNSEEN: {
    message: "索引 {digest} 列出的镜像都无法查看：{images}。",
    hint: "请连同所有平台一起复制镜像。",
  },
  LAYER_ELSEWHERE: { message: "镜像的 {at} 在别处：其制作者不允许复制。" },
} as const;
