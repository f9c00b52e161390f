import { Argument, type Command } from "commander";
import type { Shell } from "../completion/scripts.ts";
import { type CommandLine, command, LocalisedCommand, runs } from "./command.ts";

export function completionCommand(line: CommandLine): Command {
  const { description, examples, notes } = line.help.completion.completion;
  const made = command(line, "completion", description, examples)
    .addArgument(new Argument("<shell>").choices(["bash", "zsh", "fish"]))
    .addHelpText("after", notes);
  return runs(line, made, async (context, _, shell) =>
    (await import("../actions/completion.ts")).printCompletion(context, shell as Shell),
  );
}

/** What shells ask while a line is typed. It knows every command by the program that it is added to. */
export function completeCommand(line: CommandLine): Command {
  const made = new LocalisedCommand(line.help, "__complete")
    .argument("<shell>")
    .argument("[words...]")
    .helpOption(false)
    .exitOverride();
  return runs(line, made, async (context, _, _shell, ...words) => {
    const { complete } = await import("../actions/completion.ts");
    return complete(context, made.parent as Command, words.flat());
  });
}
