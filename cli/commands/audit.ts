import { type Command, Option } from "commander";
import type { AuditOptions } from "../actions/audit.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";

export function auditCommand(line: CommandLine): Command {
  const { audit: help } = line.help;
  const { options } = help;
  const audit = command(line, "audit", help.description, help.examples)
    .option("--images", options.images)
    .option("--containers", options.containers)
    .option("--all", options.all)
    .option("--compose <file>", options.compose, collect)
    .option("--kubernetes <path>", options.kubernetes, collect)
    .option("--file <list>", options.file, collect)
    .option("--ignore-built", options["ignore-built"])
    .option("--org <name>", options.org)
    .option("--policy <file>", options.policy)
    .addOption(new Option("--depth <depth>", options.depth).choices(["id", "manifest", "content", "runtime"]))
    .option("--sarif <file>", options.sarif)
    .option("--html <file>", options.html)
    .addHelpText("after", help.notes);
  return runs<AuditOptions>(line, audit, async (context, options) =>
    (await import("../actions/audit.ts")).auditAll(context, options),
  );
}
