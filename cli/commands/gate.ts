import type { Command } from "commander";
import { type CommandLine, command } from "./command.ts";
import { containerdGateCommand } from "./gate-containerd.ts";
import { dockerGateCommand } from "./gate-docker.ts";
import { kubernetesGateCommand } from "./gate-kubernetes.ts";

export function gateCommand(line: CommandLine): Command {
  return command(line, "gate", "have images checked where they start: docker, containerd, kubernetes")
    .enablePositionalOptions()
    .addCommand(dockerGateCommand(line))
    .addCommand(containerdGateCommand(line))
    .addCommand(kubernetesGateCommand(line));
}
