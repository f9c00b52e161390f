import type { Command } from "commander";
import { type CommandLine, wholeNumber } from "./command.ts";

/** The options that every gate has; `GateOptions` is what they give. */
export function withGateOptions(line: CommandLine, made: Command): Command {
  const { options } = line.help.gate.docker;
  return made
    .option("--org <name>", options.org)
    .option("--allow-superseded", options["allow-superseded"])
    .option("--policy <file>", options.policy)
    .option("--staleness <seconds>", options.staleness, wholeNumber(line, 1, 604_800), 300)
    .option("--max-head-age <seconds>", options["max-head-age"], wholeNumber(line, 1, 604_800))
    .option("--log <file>", options.log)
    .option("--metrics <address>", options.metrics);
}
