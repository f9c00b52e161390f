export const common: typeof import("../en/common.ts").common = {
  defect: "意外错误，这是 daochain 自身的缺陷：",
  cancelled: "已取消。",
  images: "镜像",
  imagesRead: (read, all) => `已读取 ${read} 个，共 ${all} 个`,
};
