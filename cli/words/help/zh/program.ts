export const programHelp: typeof import("../en/program.ts").programHelp = {
  description: "这个容器镜像真的是其制作者构建的吗？把镜像摘要签名到链上，在镜像运行之前进行校验。",
  version: "显示版本",
  help: "显示某个命令的帮助",
  groups: {
    images: "镜像：",
    find: "已签名的内容：",
    organisation: "组织与账户：",
    chain: "链：",
    gates: "门禁与策略：",
    other: "其他：",
  },
  notes: (name) => `
示例：
  ${name} up                          启动自己的链，带有注册合约、账户和组织
  ${name} sign acme/api:1.4.2         签名本机 Docker 引擎中该名称的镜像
  ${name} verify acme/api:1.4.2       它还是那个镜像吗？（是则退出码为 0）
  ${name} run -it acme/api:1.4.2      同上，然后启动它
  ${name} demo                        半分钟看完全部功能
  ${name} tui                         浏览并签名镜像；在终端上单独运行 ${name} 也会打开它

verify 的退出码：
  0 verified，10 unsigned，11 mismatch，12 revoked，13 expired，14 untrusted，15 pending，16 denied，
  17 superseded，18 corrupt，20 inconclusive；所有命令：1 程序缺陷，2 用法或配置有误`,
};
