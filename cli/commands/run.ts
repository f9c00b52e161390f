import type { Command } from "commander";
import { addExamples, type CommandLine, commonOptionsOf, LocalisedCommand } from "./command.ts";

export function runCommand(line: CommandLine): Command {
  const help = line.help.transfer.run;
  const made = new LocalisedCommand(line.help, "run")
    .description(help.description)
    .usage(help.usage)
    .argument("[docker-run-arguments...]")
    .helpOption(false)
    .exitOverride()
    .addHelpText("after", help.notes);
  addExamples(line, made, help.examples);
  // How the words are to be read, docker knows.
  made.parseOptions = (words) => ({ operands: words, unknown: [] });
  return made.action(async (words: string[]) => {
    const { run } = await import("../actions/run.ts");
    const code = await run(commonOptionsOf(made), line, words);
    if (code === undefined) made.outputHelp();
    process.exitCode = code ?? 0;
  });
}
