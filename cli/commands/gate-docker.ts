import { type Command, InvalidArgumentError, Option } from "commander";
import type { DockerGateOptions } from "../actions/gate-docker.ts";
import type { InstallOptions } from "../actions/gate-docker-install.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

const ways = ["build", "swarm", "plugins", "copy"];
const defaultSocket = "/run/docker/plugins/daochain.sock";

export function dockerGateCommand(line: CommandLine): Command {
  const docker = withDockerOptions(
    line,
    command(line, "docker", "have a Docker Engine start verified images only (its AuthZ plugin)", [
      "daochain gate docker                       serve the gate until Ctrl-C; docs/gates/docker.md says how an engine asks it",
      "sudo daochain gate docker install          the same as a service, and have the engine ask it",
      "sudo daochain gate docker uninstall        the engine asks no more; works whatever state gate and engine are in",
      "daochain gate docker status",
    ]),
  )
    .option("--socket <file>", "where the engine asks", defaultSocket)
    .addHelpText(
      "after",
      `
What the gate cannot see is in docs/gates/docker.md. Metrics for Prometheus are at GET /metrics of the socket.`,
    );
  const install = withDockerOptions(
    line,
    command(line, "install", "serve the gate as a systemd unit, and have the engine ask it"),
  )
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--unit-dir <dir>", "where systemd's units are", "/etc/systemd/system");
  const uninstall = command(line, "uninstall", "have the engine ask no more, and remove the unit")
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--unit-dir <dir>", "where systemd's units are", "/etc/systemd/system");
  const status = command(line, "status", "show whether the gate answers, and whether the engine asks it")
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--socket <file>", "where the engine asks", defaultSocket);
  const load = () => import("../actions/gate-docker-install.ts");
  docker
    // Its own subcommands have options of the same names.
    .enablePositionalOptions()
    .addCommand(
      runs<InstallOptions>(line, install, async (context, options) =>
        (await load()).installDockerGate(context, options),
      ),
    )
    .addCommand(
      runs<InstallOptions>(line, uninstall, async (context, options) =>
        (await load()).uninstallDockerGate(context, options),
      ),
    )
    .addCommand(
      runs<{ daemonJson: string; socket: string }>(line, status, async (context, options) =>
        (await load()).showDockerGate(context, options),
      ),
    );
  return runs<DockerGateOptions>(line, docker, async (context, options) =>
    (await import("../actions/gate-docker.ts")).serveDocker(context, options),
  );
}

function withDockerOptions(line: CommandLine, made: Command): Command {
  return withGateOptions(line, made)
    .addOption(
      new Option("--depth <depth>", "how deep an image is looked at")
        .choices(["id", "content"])
        .default("id"),
    )
    .option(
      "--allow <way>",
      `let what the gate cannot judge, and would refuse: ${ways.join(", ")}; may be given several times`,
      (way: string, before?: string[]) => {
        if (!ways.includes(way)) throw new InvalidArgumentError(`It is one of ${ways.join(", ")}.`);
        return collect(way, before);
      },
    )
    .option("--engine <address>", "the engine that asks (DOCKER_HOST, else unix:///var/run/docker.sock)");
}
