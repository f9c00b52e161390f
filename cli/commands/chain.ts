import type { Command } from "commander";
import type { DemoOptions } from "../actions/demo.ts";
import type { UpOptions } from "../actions/up.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

export function chainCommands(line: CommandLine): Command[] {
  const up = command(
    line,
    "up",
    "start the embedded chain and make what is missing: registry, wallet, organisation",
    [
      "daochain up                 everything, with an organisation named local",
      "daochain up --org acme      the same, with an organisation named acme",
    ],
  )
    .option("--org <name>", "name of your organisation (default: local)")
    .option(
      "--port <number>",
      "loopback port of the chain (default: 8545, or a free one)",
      wholeNumber(line, 1, 65_535),
    );
  const demo = command(
    line,
    "demo",
    "see the main job from nothing: sign, verify, tamper, verify again, revoke",
  ).option("--no-docker", "use OCI layouts even where there is a Docker Engine");
  return [
    runs<UpOptions>(line, up, async (context, options) =>
      (await import("../actions/up.ts")).up(context, options),
    ),
    runs(line, command(line, "down", "stop the embedded chain; what it recorded stays"), async (context) =>
      (await import("../actions/down.ts")).down(context),
    ),
    runs(
      line,
      command(line, "status", "show chain, registry, organisation, account and Docker"),
      async (context) => (await import("../actions/status.ts")).status(context),
    ),
    runs<DemoOptions>(line, demo, async (context, options) =>
      (await import("../actions/demo.ts")).demo(context, options),
    ),
  ];
}
