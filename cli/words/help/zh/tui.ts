export const tuiHelp: typeof import("../en/tui.ts").tuiHelp = {
  tui: {
    description: "浏览镜像：本地镜像、您的组织的镜像、所有人的镜像，以及您的账户",
    examples: [
      "daochain                           在终端上与 daochain tui 相同",
      "daochain tui                       查看每个本地镜像的判定；签名、验证、拉取和运行镜像",
      "daochain tui --lang zh             使用中文，不论 LANG 如何设置",
      "daochain --no-color tui            不使用颜色；NO_COLOR=1 效果相同",
      "daochain tui --home /srv/acme      使用另一个主目录：它的链、账户和设置",
    ],
    notes: `
页面：
  1  本地镜像及各自的判定
  2  您的组织：等待签名的声明、组织的镜像和成员
  3  链上所有人的镜像（市场）
  4  账户、链和 Docker Engine

按键：
  j k 或方向键   移动                  回车   显示一行的全部信息
  1 到 4         切换页面              Esc    返回
  /              边输入边搜索          s      签名
  p              拉取                  v      验证，更深一步
  r              运行                  U      没有链时启动链
  ?              当前页面的所有按键    q      退出

终端至少需要 60 列、20 行。遵从 NO_COLOR 和 --no-color。`,
  },
};
