import type { Command } from "commander";
import type { DemoOptions } from "../actions/demo.ts";
import type { UpOptions } from "../actions/up.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

export function chainCommands(line: CommandLine): Command[] {
  const { up: upHelp, down: downHelp, status: statusHelp, demo: demoHelp } = line.help.chain;
  const up = command(line, "up", upHelp.description, upHelp.examples)
    .option("--org <name>", upHelp.options.org)
    .option("--port <number>", upHelp.options.port, wholeNumber(line, 1, 65_535))
    .option("--foreground", upHelp.options.foreground)
    .option("--metrics <address>", upHelp.options.metrics)
    .addHelpText("after", upHelp.notes);
  const down = command(line, "down", downHelp.description, downHelp.examples);
  const status = command(line, "status", statusHelp.description, statusHelp.examples).addHelpText(
    "after",
    statusHelp.notes,
  );
  const demo = command(line, "demo", demoHelp.description, demoHelp.examples).option(
    "--no-docker",
    demoHelp.options.docker,
  );
  return [
    runs<UpOptions>(line, up, async (context, options) =>
      (await import("../actions/up.ts")).up(context, options),
    ),
    runs(line, down, async (context) => (await import("../actions/down.ts")).down(context)),
    runs(line, status, async (context) => (await import("../actions/status.ts")).status(context)),
    runs<DemoOptions>(line, demo, async (context, options) =>
      (await import("../actions/demo.ts")).demo(context, options),
    ),
  ];
}
