import type { Command } from "commander";
import { type CommandLine, wholeNumber } from "./command.ts";

/** The options that every gate has; `GateOptions` is what they give. */
export function withGateOptions(line: CommandLine, made: Command): Command {
  return made
    .option(
      "--org <name>",
      "the organisation that must have signed (default: whoever owns the image's repository)",
    )
    .option("--allow-superseded", "also images that their tag has moved on from")
    .option("--policy <file>", "policies by repository (docs/policy.md); read again when the file changes")
    .option(
      "--staleness <seconds>",
      "how long the last state is good when the chain cannot be asked",
      wholeNumber(line, 1, 604_800),
      300,
    )
    .option(
      "--max-head-age <seconds>",
      "do not believe a chain whose newest block is older (default: it may rest)",
      wholeNumber(line, 1, 604_800),
    )
    .option("--log <file>", "where decisions go, a JSON object a line (default: stderr)")
    .option("--metrics <address>", "serve metrics for Prometheus here too, such as 127.0.0.1:9464");
}
