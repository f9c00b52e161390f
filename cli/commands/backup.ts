import type { Command } from "commander";
import type { RestoreOptions } from "../actions/backup.ts";
import { type CommandLine, command, runs } from "./command.ts";

export function backupCommands(line: CommandLine): Command[] {
  const { backup: backupHelp, restore: restoreHelp } = line.help.backup;
  const backup = command(line, "backup <file>", backupHelp.description, backupHelp.examples).addHelpText(
    "after",
    backupHelp.notes,
  );
  const restore = command(line, "restore <file>", restoreHelp.description, restoreHelp.examples)
    .option("--rollback", restoreHelp.options.rollback)
    .addHelpText("after", restoreHelp.notes);
  const load = () => import("../actions/backup.ts");
  return [
    runs(line, backup, async (context, _, file = "") => (await load()).backup(context, file)),
    runs<RestoreOptions>(line, restore, async (context, options, file = "") =>
      (await load()).restore(context, file, options),
    ),
  ];
}
