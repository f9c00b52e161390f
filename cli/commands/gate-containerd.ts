import type { Command } from "commander";
import type { ContainerdGateOptions } from "../actions/gate-containerd.ts";
import type { InstallContainerdOptions } from "../actions/gate-containerd-install.ts";
import { type CommandLine, command, runs } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

const defaultSocket = "/run/daochain/containerd.sock";

export function containerdGateCommand(line: CommandLine): Command {
  const containerd = withSocket(
    withGateOptions(
      line,
      command(
        line,
        "containerd",
        "have containerd, and Kubernetes by it, pull verified images only (its image verifier)",
        [
          "daochain gate containerd                       serve the gate until Ctrl-C; docs/gates/containerd.md says how it is asked",
          "sudo daochain gate containerd install          the same as a service, and have containerd ask it",
          "sudo daochain gate containerd uninstall        containerd asks no more; works whatever state gate and containerd are in",
          "daochain gate containerd status                whether it is asked, and what would have images pulled without",
        ],
      ),
    ),
  ).addHelpText(
    "after",
    `
What the gate cannot see is in docs/gates/containerd.md. Metrics for Prometheus are at GET /metrics of the socket.`,
  );
  const install = withUnit(
    withPlace(
      withSocket(
        withGateOptions(
          line,
          command(line, "install", "serve the gate as a systemd unit, and have containerd ask it"),
        ),
      ),
    ),
  );
  const uninstall = withUnit(
    withPlace(command(line, "uninstall", "have containerd ask no more, and remove the unit")),
  );
  const status = withPlace(
    withSocket(
      command(
        line,
        "status",
        "show whether containerd asks the gate, and what would have images pulled without",
      ),
    ),
  );
  const load = () => import("../actions/gate-containerd-install.ts");
  containerd
    // Its own subcommands have options of the same names.
    .enablePositionalOptions()
    .addCommand(
      runs<InstallContainerdOptions>(line, install, async (context, options) =>
        (await load()).installContainerdGate(context, options),
      ),
    )
    .addCommand(
      runs<InstallContainerdOptions>(line, uninstall, async (context, options) =>
        (await load()).uninstallContainerdGate(context, options),
      ),
    )
    .addCommand(
      runs<InstallContainerdOptions>(line, status, async (context, options) =>
        (await load()).showContainerdGate(context, options),
      ),
    );
  return runs<ContainerdGateOptions>(line, containerd, async (context, options) =>
    (await import("../actions/gate-containerd.ts")).serveContainerd(context, options),
  );
}

function withSocket(made: Command): Command {
  return made.option("--socket <file>", "where containerd's verifier asks the gate", defaultSocket);
}

function withPlace(made: Command): Command {
  return made
    .option("--containerd <program>", "containerd's program, which knows its configuration", "containerd")
    .option("--config <file>", "containerd's configuration", "/etc/containerd/config.toml");
}

function withUnit(made: Command): Command {
  return made
    .option("--unit-dir <dir>", "where systemd's units are", "/etc/systemd/system")
    .option("--no-service", "leave serving the gate to other means than systemd");
}
