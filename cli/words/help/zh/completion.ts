export const completionHelp: typeof import("../en/completion.ts").completionHelp = {
  completion: {
    description: "输出 bash、zsh 或 fish 的补全脚本：命令、选项和名称",
    examples: [
      "source <(daochain completion bash)                                         用于当前 shell；写入 ~/.bashrc 则始终有效",
      "source <(daochain completion zsh)                                          zsh 同理，写在 ~/.zshrc 中 compinit 之后",
      "daochain completion fish > ~/.config/fish/completions/daochain.fish        用于 fish",
    ],
    notes: `
它知道 Docker 引擎 中的镜像，以及您主目录中的组织和账户。`,
  },
};
