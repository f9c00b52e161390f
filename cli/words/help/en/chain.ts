import type { CommandHelp } from "../help.ts";

export const chainHelp = {
  up: {
    description: "start the embedded chain and make what is missing: registry, account, organisation",
    options: {
      org: "name of your organisation (default: the one in use, else local)",
      port: "loopback port of the chain (default: 8545, or a free one)",
      foreground: "run the chain until Ctrl-C or SIGTERM, as containers and service managers want it",
      metrics: "have the chain serve metrics for Prometheus here, such as 127.0.0.1:9464",
    },
    examples: [
      "daochain up                                 everything, with an organisation named local",
      "daochain up --org acme                      the same, with an organisation named acme",
      "daochain up --foreground                    keep the chain in the foreground, its log on stderr",
      "daochain up --json | jq -r .registry        only the registry's address",
    ],
    notes: `
Run it as often as you like: it makes what is missing and finds the rest. If it fails, it leaves nothing running that it
started. In a home that has joined a network it starts nothing.`,
  },
  down: {
    description: "stop the embedded chain; what it recorded stays",
    examples: [
      "daochain down                               stop it; daochain up starts it again",
      "daochain down --json | jq .stopped          whether there was one to stop",
    ],
  },
  status: {
    description:
      "show the chain, the registry, the organisation, the account, Docker and this machine's gates",
    examples: [
      "daochain status                             everything, and what to do next",
      "daochain status --json | jq .chain.block    the number of the newest block",
      "daochain status --json | jq -r .next        what to do next",
    ],
    notes: `
The exit code is 20 if the chain does not answer.`,
  },
  demo: {
    description: "see the main job from nothing: sign, verify, tamper, verify again, revoke",
    options: { docker: "use OCI layouts even if there is a Docker Engine" },
    examples: [
      "daochain demo                               with the Docker Engine, if there is one",
      "daochain demo --no-docker                   with images on disk",
      "daochain demo --json | jq .good             whether every step came out as it must",
    ],
  },
} satisfies Record<string, CommandHelp>;
