import { type Command, Option } from "commander";
import type { InstallServiceOptions, ServiceOptions } from "../actions/service.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

/** The embedded chain as a service of systemd's. */
export function serviceCommand(line: CommandLine): Command {
  const { service, install, uninstall, status } = line.help.service;
  const place = (made: Command): Command =>
    made
      .addOption(new Option("--user", install.options.user))
      .addOption(new Option("--system", install.options.system).conflicts("user").implies({ user: false }))
      .option("--unit-dir <dir>", install.options["unit-dir"]);
  const load = () => import("../actions/service.ts");
  return command(line, "service", service.description, service.examples)
    .enablePositionalOptions()
    .addCommand(
      runs<InstallServiceOptions>(
        line,
        place(command(line, "install", install.description, install.examples))
          .option("--port <number>", install.options.port, wholeNumber(line, 1, 65_535))
          .option("--metrics <address>", install.options.metrics)
          .addHelpText("after", install.notes),
        async (context, options) => (await load()).installService(context, options),
      ),
    )
    .addCommand(
      runs<ServiceOptions>(
        line,
        place(command(line, "uninstall", uninstall.description, uninstall.examples)),
        async (context, options) => (await load()).uninstallService(context, options),
      ),
    )
    .addCommand(
      runs<ServiceOptions>(
        line,
        place(command(line, "status", status.description, status.examples)),
        async (context, options) => (await load()).showService(context, options),
      ),
    );
}
