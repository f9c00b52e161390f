import type { ProgramName } from "../../../start.ts";

/** What daochain --help says. */
export const programHelp = {
  description:
    "Is this container image really what its maker built? Sign image digests onto a chain, check them before images run.",
  version: "print the version",
  help: "show help for a command",
  groups: {
    images: "Images:",
    find: "What is signed:",
    organisation: "Organisation and accounts:",
    chain: "Chain:",
    gates: "Gates and policies:",
    other: "Other:",
  },
  notes: (name: ProgramName) => `
Examples:
  ${name} up                          start a chain of your own, with a registry, an account and an organisation
  ${name} sign acme/api:1.4.2         sign what the local Docker Engine has under this name
  ${name} verify acme/api:1.4.2       is it still that image? (exit code 0 if it is)
  ${name} run -it acme/api:1.4.2      the same, and then start it
  ${name} demo                        see all of it in half a minute
  ${name} tui                         browse images and sign them; ${name} alone opens it too, on a terminal

Exit codes of verify:
  0 verified, 10 unsigned, 11 mismatch, 12 revoked, 13 expired, 14 untrusted, 15 pending, 16 denied,
  17 superseded, 18 corrupt, 20 inconclusive; of every command: 1 a defect, 2 wrong usage or configuration`,
};
