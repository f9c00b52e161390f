import type { CommandHelp } from "../help.ts";

/** What the help of completion says. */
export const completionHelp = {
  completion: {
    description: "print the completion of commands, options and names for bash, zsh or fish",
    examples: [
      "source <(daochain completion bash)                                         in this shell; in ~/.bashrc for all",
      "source <(daochain completion zsh)                                          the same for zsh, in ~/.zshrc behind compinit",
      "daochain completion fish > ~/.config/fish/completions/daochain.fish        for all of fish",
    ],
    notes: `
It knows the images of the Docker Engine, the organisations and the accounts of your home.`,
  } satisfies CommandHelp,
};
