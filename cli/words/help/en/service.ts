import type { CommandHelp } from "../help.ts";

/** What the help of service says. */
export const serviceHelp = {
  service: {
    description: "run the embedded chain as a systemd service: install, uninstall, status",
    examples: [
      "daochain service install           as a service of yours; as root, as one of the machine",
      "daochain service status --json | jq .active",
      "daochain service uninstall",
    ],
  } satisfies CommandHelp,
  install: {
    description: "have systemd run this home's chain, now and from each start on",
    options: {
      user: "a service of your own login (default, but for root)",
      system: "a service of the machine, which runs as the user whose home it is (default for root)",
      "unit-dir": "where systemd's units are",
      port: "loopback port of the chain (default: 8545, or a free one)",
      metrics: "serve metrics for Prometheus here, such as 127.0.0.1:9464",
    },
    examples: [
      "daochain service install                                          as a service of yours",
      "sudo daochain service install --home /srv/daochain                as one of the machine",
      "daochain service install --metrics 127.0.0.1:9464                 with metrics for Prometheus",
      "daochain service install --json | jq -r .url                      where the chain answers",
    ],
    notes: `
A chain that runs in the background is stopped first. If the service does not come to answer, everything is as it was.
docs/operations.md has the rest: what the service may do, its log, its metrics.`,
  } satisfies CommandHelp,
  uninstall: {
    description: "stop the chain and remove its service; what it recorded stays",
    examples: ["daochain service uninstall", "sudo daochain service uninstall --json | jq .uninstalled"],
  } satisfies CommandHelp,
  status: {
    description: "show whether the service is installed and runs, and its chain answers",
    examples: ["daochain service status", "daochain service status --json | jq .chain.url"],
  } satisfies CommandHelp,
};
