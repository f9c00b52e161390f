import { Command } from "commander";
import manifest from "../package.json" with { type: "json" };
import { accountCommand } from "./commands/account.ts";
import { auditCommand } from "./commands/audit.ts";
import { catalogueCommands } from "./commands/catalogue.ts";
import { chainCommands } from "./commands/chain.ts";
import { withCommonOptions } from "./commands/command.ts";
import { gateCommand } from "./commands/gate.ts";
import { imageCommands } from "./commands/image.ts";
import { organisationCommand } from "./commands/organisation.ts";
import { policyCommand } from "./commands/policy.ts";
import { runCommand } from "./commands/run.ts";
import { transferCommands } from "./commands/transfer.ts";
import { tuiCommand } from "./commands/tui.ts";
import type { ProgramName } from "./start.ts";

/** The command line. It only describes: what a command does is loaded when it runs. */
export function createProgram(signal: AbortSignal, name: ProgramName): Command {
  const program = withCommonOptions(new Command(name))
    // What stands behind a command's name is the command's: run passes docker's flags on, some of which have our options' names.
    .enablePositionalOptions()
    .description(
      "Is this container image really what its maker built? Sign image digests onto a chain, check them before images run.",
    )
    .version(manifest.version, "-V, --version", "print the version")
    .helpCommand("help [command]", "show help for a command")
    .showHelpAfterError(`(${name} --help shows what there is)`)
    .addHelpText(
      "after",
      `
Examples:
  ${name} up                          start a chain of your own, with a registry, a wallet and an organisation
  ${name} sign acme/api:1.4.2         sign what the local Docker Engine has under this name
  ${name} verify acme/api:1.4.2       is it still that image? (exit code 0 if it is)
  ${name} run -it acme/api:1.4.2      the same, and then start it
  ${name} demo                        see all of it in half a minute
  ${name} tui                         browse images and sign them; ${name} alone opens it too, on a terminal

Exit codes of verify:
  0 verified, 10 unsigned, 11 mismatch, 12 revoked, 13 expired, 14 untrusted, 15 pending, 16 denied,
  17 superseded, 18 corrupt, 20 inconclusive; of every command: 1 a defect, 2 wrong usage or configuration`,
    );
  for (const command of [
    ...chainCommands(signal),
    ...imageCommands(signal),
    ...transferCommands(signal),
    ...catalogueCommands(signal),
    auditCommand(signal),
    runCommand(signal),
    policyCommand(signal),
    gateCommand(signal),
    accountCommand(signal),
    organisationCommand(signal),
    tuiCommand(signal),
  ]) {
    program.addCommand(command);
  }
  return program;
}
