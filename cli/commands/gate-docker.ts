import { type Command, InvalidArgumentError, Option } from "commander";
import type { DockerGateOptions } from "../actions/gate-docker.ts";
import type { InstallOptions } from "../actions/gate-docker-install.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

const ways = ["build", "swarm", "plugins", "copy"];
const defaultSocket = "/run/docker/plugins/daochain.sock";
const load = () => import("../actions/gate-docker-install.ts");

export function dockerGateCommand(line: CommandLine): Command {
  const { docker: help } = line.help.gate;
  const docker = withDockerOptions(line, command(line, "docker", help.description, help.examples))
    .option("--socket <file>", help.options.socket, defaultSocket)
    .addHelpText("after", help.notes)
    // Its own subcommands have options of the same names.
    .enablePositionalOptions()
    .addCommand(installCommand(line))
    .addCommand(uninstallCommand(line))
    .addCommand(statusCommand(line));
  return runs<DockerGateOptions>(line, docker, async (context, options) =>
    (await import("../actions/gate-docker.ts")).serveDocker(context, options),
  );
}

function installCommand(line: CommandLine): Command {
  const { dockerInstall: help } = line.help.gate;
  const install = withDockerOptions(line, command(line, "install", help.description, help.examples));
  return runs<InstallOptions>(line, withUnit(line, withDaemonJson(line, install)), async (context, options) =>
    (await load()).installDockerGate(context, options),
  );
}

function uninstallCommand(line: CommandLine): Command {
  const { dockerUninstall: help } = line.help.gate;
  const uninstall = command(line, "uninstall", help.description, help.examples);
  return runs<InstallOptions>(
    line,
    withUnit(line, withDaemonJson(line, uninstall)),
    async (context, options) => (await load()).uninstallDockerGate(context, options),
  );
}

function statusCommand(line: CommandLine): Command {
  const { dockerStatus: help, docker } = line.help.gate;
  const status = withDaemonJson(line, command(line, "status", help.description, help.examples))
    .option("--socket <file>", docker.options.socket, defaultSocket)
    .addHelpText("after", help.notes);
  return runs<{ daemonJson: string; socket: string }>(line, status, async (context, options) =>
    (await load()).showDockerGate(context, options),
  );
}

function withDaemonJson(line: CommandLine, made: Command): Command {
  const { options } = line.help.gate.dockerInstall;
  return made.option("--daemon-json <file>", options["daemon-json"], "/etc/docker/daemon.json");
}

function withUnit(line: CommandLine, made: Command): Command {
  const { options } = line.help.gate.dockerInstall;
  return made.option("--unit-dir <dir>", options["unit-dir"], "/etc/systemd/system");
}

function withDockerOptions(line: CommandLine, made: Command): Command {
  const { docker, oneOf } = line.help.gate;
  const known = ways.join(", ");
  return withGateOptions(line, made)
    .addOption(new Option("--depth <depth>", docker.options.depth).choices(["id", "content"]).default("id"))
    .option("--allow <way>", docker.options.allow(known), (way: string, before?: string[]) => {
      if (!ways.includes(way)) throw new InvalidArgumentError(oneOf(known));
      return collect(way, before);
    })
    .option("--engine <address>", docker.options.engine);
}
