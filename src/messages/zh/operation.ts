export const operationMessages = {
  "clock-ahead": "本机时钟是 {here}，而链的时间是 {chain}：请检查本机时钟",
  "clock-behind": "本机时钟是 {here}，而链的时间已是 {chain}：请检查本机时钟",
  "local-image": "本地镜像 {name}",
  "served-image": "镜像仓库以 {name} 提供的内容",
  "another-image": "另一个镜像",
  "no-image": "没有镜像",
} as const;
