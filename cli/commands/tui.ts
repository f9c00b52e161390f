import type { Command } from "commander";
import { type CommandLine, command, runs } from "./command.ts";

export function tuiCommand(line: CommandLine): Command {
  const { description, examples, notes } = line.help.tui.tui;
  const made = command(line, "tui", description, examples).addHelpText("after", notes);
  return runs(line, made, async (context) => (await import("../actions/tui.ts")).tui(context));
}
