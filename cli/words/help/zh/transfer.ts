export const transferHelp: typeof import("../en/transfer.ts").transferHelp = {
  pull: {
    description: "拉取与签名内容一致的镜像，无论其标签现在指向什么",
    options: {
      org: "以哪个组织的声明为准（默认：仓库的所有者）",
      platform: "多平台镜像要拉取的平台（默认：引擎的平台）",
      depth: "对拉取的内容检查多深（默认：runtime，即将要运行的内容）",
      file: "列出镜像的文件，每行一个；- 表示标准输入",
    },
    examples: [
      "daochain pull registry.acme.io/api:1.4.2",
      "daochain pull --platform linux/arm64 registry.acme.io/api:1.4.2",
      "daochain pull --file images.txt --json | jq -r '.[] | select(.status != \"verified\") | .image'",
    ],
    notes: `
IMAGE 写作 [registry/]repository[:tag][@digest]。由链来说明标签代表哪个摘要；引擎拉取该摘要，通过校验之后才为它加上标签。
未通过的会被删除，本地标签保持原样。凭据沿用 docker login。退出码与 verify 相同。`,
  },
  push: {
    description: "把镜像推送到镜像仓库，并为镜像仓库随后提供的内容签名",
    options: {
      org: "以哪个组织的名义签名（默认：当前使用的组织）",
      account: "用哪个账户签名（默认：当前使用的账户）",
      expires: "从现在起 90d、12h 等，或一个日期（默认：永久）",
      annotation: "随摘要一同记录的内容；可多次给出",
      file: "列出镜像的文件，每行一个；- 表示标准输入",
      until: "等到什么为止：声明已被记录，或已有足够的其他人批准（若 --timeout 先到则为 15）",
    },
    examples: [
      "daochain push registry.acme.io/api:1.4.2",
      "daochain push registry.acme.io/api:1.4.2 --annotation revision=$(git rev-parse HEAD) --expires 90d",
      "daochain push --json registry.acme.io/api:1.4.2 | jq -r '.subjects[] | select(.kind == \"manifest\") | .digest'",
    ],
    notes: `
IMAGE 是本机 Docker 引擎中的 [registry/]repository[:tag]。镜像仓库提供的内容会连同各层一起读回，与本地镜像一并签名：
一项声明即可在这里、在镜像仓库以及任何拉取它的地方通过校验。如果镜像仓库提供的是别的内容，则不签名（18）。
凭据沿用 docker login。`,
  },
  run: {
    description: "校验镜像并像 docker run 一样启动它",
    usage: "[docker run 的选项] IMAGE [命令] [参数...]",
    examples: [
      "daochain run --rm -it acme/api:1.4.2 sh",
      "daochain run --org acme --detach --publish 8080:80 --name api acme/api:1.4.2",
      "daochain run --json acme/api:1.4.2 | jq -r '.reasons[]'   为什么没有启动",
    ],
    notes: `
docker run 的所有选项都写在 IMAGE 之前，原样传递。daochain 自己的选项也写在那里：
  --org <name>          以哪个组织的声明为准（默认：仓库的所有者）
  --depth <depth>       检查多深：id、content 或 runtime
  --home <dir>          状态所在目录（DAOCHAIN_HOME，否则为 ~/.daochain）
  --timeout <duration>  校验超过该时长即放弃；已启动的容器不受限制
  --json                没有启动镜像时，以 JSON 输出结论
  --no-color            输出不带颜色

镜像必须在本机的 Docker 引擎中：不会拉取任何内容。它按 ID 启动，因此校验过的就是运行的；docker ps 在名称处显示其 ID。
退出码是 docker run 的；镜像未通过校验时什么也不启动，退出码是 verify 的。`,
  },
};
