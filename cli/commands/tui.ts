import type { Command } from "commander";
import { type CommandLine, command, runs } from "./command.ts";

const keys = `
Pages: 1 local images, 2 your organisation, 3 everyone's images (the market), 4 accounts, chain and engine.
Keys: j k or arrows move, Enter shows everything, / searches, s signs, v verifies deeper, p pulls, r runs, q quits;
      ? shows every key of where you are.

It needs a terminal of 60 columns and 20 rows or more. NO_COLOR and --no-color are honoured.`;

export function tuiCommand(line: CommandLine): Command {
  const made = command(
    line,
    "tui",
    "browse images: local ones, your organisation's, everyone's, and your account",
    [
      "daochain tui               the same as daochain alone, on a terminal",
      "daochain tui --lang zh     in Chinese, whatever LANG says",
    ],
  ).addHelpText("after", keys);
  return runs(line, made, async (context) => (await import("../actions/tui.ts")).tui(context));
}
