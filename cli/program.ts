import type { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { accountCommand } from "./commands/account.ts";
import { auditCommand } from "./commands/audit.ts";
import { backupCommands } from "./commands/backup.ts";
import { catalogueCommands } from "./commands/catalogue.ts";
import { chainCommands } from "./commands/chain.ts";
import { type CommandLine, LocalisedCommand, withCommonOptions } from "./commands/command.ts";
import { completeCommand, completionCommand } from "./commands/completion.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { gateCommand } from "./commands/gate.ts";
import { imageCommands } from "./commands/image.ts";
import { organisationCommand } from "./commands/organisation.ts";
import { policyCommand } from "./commands/policy.ts";
import { runCommand } from "./commands/run.ts";
import { serviceCommand } from "./commands/service.ts";
import { transferCommands } from "./commands/transfer.ts";
import { tuiCommand } from "./commands/tui.ts";

/** The command line. It only describes: what a command does is loaded when it runs. */
export function createProgram(line: CommandLine): Command {
  const { program: help, common } = line.help;
  const { groups } = help;
  const program = withCommonOptions(line, new LocalisedCommand(line.help, line.name))
    // What stands behind a command's name is the command's: run passes docker's flags on, some of which have our options' names.
    .enablePositionalOptions()
    .description(help.description)
    .version(manifest.version, "-V, --version", help.version)
    .helpCommand("help [command]", help.help)
    .showHelpAfterError(`(${common.seeHelp(line.name)})`)
    .addHelpText("after", help.notes(line.name));
  const grouped: readonly (readonly [heading: string, commands: readonly Command[]])[] = [
    [groups.images, [...imageCommands(line), runCommand(line), ...transferCommands(line)]],
    [groups.find, [...catalogueCommands(line), auditCommand(line), tuiCommand(line)]],
    [groups.organisation, [organisationCommand(line), accountCommand(line)]],
    [
      groups.chain,
      [...chainCommands(line), doctorCommand(line), ...backupCommands(line), serviceCommand(line)],
    ],
    [groups.gates, [gateCommand(line), policyCommand(line)]],
  ];
  for (const [heading, commands] of grouped) {
    for (const command of commands) program.addCommand(command.helpGroup(heading));
  }
  program.commandsGroup(groups.other).addCommand(completionCommand(line));
  return program.addCommand(completeCommand(line), { hidden: true });
}
