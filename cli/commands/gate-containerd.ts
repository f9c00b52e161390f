import type { Command } from "commander";
import type { ContainerdGateOptions } from "../actions/gate-containerd.ts";
import type { InstallContainerdOptions } from "../actions/gate-containerd-install.ts";
import { type CommandLine, command, runs } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

const defaultSocket = "/run/daochain/containerd.sock";
const load = () => import("../actions/gate-containerd-install.ts");

export function containerdGateCommand(line: CommandLine): Command {
  const { containerd: help } = line.help.gate;
  const serve = command(line, "containerd", help.description, help.examples);
  const containerd = withSocket(line, withGateOptions(line, serve))
    .addHelpText("after", help.notes)
    // Its own subcommands have options of the same names.
    .enablePositionalOptions()
    .addCommand(installCommand(line))
    .addCommand(uninstallCommand(line))
    .addCommand(statusCommand(line));
  return runs<ContainerdGateOptions>(line, containerd, async (context, options) =>
    (await import("../actions/gate-containerd.ts")).serveContainerd(context, options),
  );
}

function installCommand(line: CommandLine): Command {
  const { containerdInstall: help } = line.help.gate;
  const made = withGateOptions(line, command(line, "install", help.description, help.examples));
  const install = withUnit(line, withPlace(line, withSocket(line, made))).addHelpText("after", help.notes);
  return runs<InstallContainerdOptions>(line, install, async (context, options) =>
    (await load()).installContainerdGate(context, options),
  );
}

function uninstallCommand(line: CommandLine): Command {
  const { containerdUninstall: help } = line.help.gate;
  const made = command(line, "uninstall", help.description, help.examples);
  return runs<InstallContainerdOptions>(
    line,
    withUnit(line, withPlace(line, made)),
    async (context, options) => (await load()).uninstallContainerdGate(context, options),
  );
}

function statusCommand(line: CommandLine): Command {
  const { containerdStatus: help } = line.help.gate;
  const made = command(line, "status", help.description, help.examples);
  const status = withPlace(line, withSocket(line, made)).addHelpText("after", help.notes);
  return runs<InstallContainerdOptions>(line, status, async (context, options) =>
    (await load()).showContainerdGate(context, options),
  );
}

function withSocket(line: CommandLine, made: Command): Command {
  return made.option("--socket <file>", line.help.gate.containerd.options.socket, defaultSocket);
}

function withPlace(line: CommandLine, made: Command): Command {
  const { options } = line.help.gate.containerd;
  return made
    .option("--containerd <program>", options.containerd, "containerd")
    .option("--config <file>", options.config, "/etc/containerd/config.toml");
}

function withUnit(line: CommandLine, made: Command): Command {
  const { options } = line.help.gate.containerd;
  return made
    .option("--unit-dir <dir>", options["unit-dir"], "/etc/systemd/system")
    .option("--no-service", options["no-service"]);
}
