import { type Command, InvalidArgumentError, Option } from "commander";
import type { DockerGateOptions } from "../actions/gate-docker.ts";
import type { InstallOptions } from "../actions/gate-docker-install.ts";
import { collect, command, runs } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

const ways = ["build", "swarm", "plugins", "copy"];
const defaultSocket = "/run/docker/plugins/daochain.sock";

export function dockerGateCommand(signal: AbortSignal): Command {
  const docker = withDockerOptions(
    command("docker", "have a Docker Engine start verified images only (its AuthZ plugin)", [
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
    command("install", "serve the gate as a systemd unit, and have the engine ask it"),
  )
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--unit-dir <dir>", "where systemd's units are", "/etc/systemd/system");
  const uninstall = command("uninstall", "have the engine ask no more, and remove the unit")
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--unit-dir <dir>", "where systemd's units are", "/etc/systemd/system");
  const status = command("status", "show whether the gate answers, and whether the engine asks it")
    .option("--daemon-json <file>", "the engine's configuration", "/etc/docker/daemon.json")
    .option("--socket <file>", "where the engine asks", defaultSocket);
  const load = () => import("../actions/gate-docker-install.ts");
  docker
    // Its own subcommands have options of the same names.
    .enablePositionalOptions()
    .addCommand(
      runs<InstallOptions>(install, signal, async (context, options) =>
        (await load()).installDockerGate(context, options),
      ),
    )
    .addCommand(
      runs<InstallOptions>(uninstall, signal, async (context, options) =>
        (await load()).uninstallDockerGate(context, options),
      ),
    )
    .addCommand(
      runs<{ daemonJson: string; socket: string }>(status, signal, async (context, options) =>
        (await load()).showDockerGate(context, options),
      ),
    );
  return runs<DockerGateOptions>(docker, signal, async (context, options) =>
    (await import("../actions/gate-docker.ts")).serveDocker(context, options),
  );
}

function withDockerOptions(made: Command): Command {
  return withGateOptions(made)
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
