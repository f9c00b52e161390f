import type { Command } from "commander";
import { type CommandLine, command } from "./command.ts";
import { containerdGateCommand } from "./gate-containerd.ts";
import { dockerGateCommand } from "./gate-docker.ts";
import { kubernetesGateCommand } from "./gate-kubernetes.ts";

export function gateCommand(line: CommandLine): Command {
  const { gate: help } = line.help.gate;
  return command(line, "gate", help.description, help.examples)
    .enablePositionalOptions()
    .addHelpText("after", help.notes)
    .addCommand(dockerGateCommand(line))
    .addCommand(containerdGateCommand(line))
    .addCommand(kubernetesGateCommand(line));
}
