import type { Command } from "commander";
import { command } from "./command.ts";
import { containerdGateCommand } from "./gate-containerd.ts";
import { dockerGateCommand } from "./gate-docker.ts";
import { kubernetesGateCommand } from "./gate-kubernetes.ts";

export function gateCommand(signal: AbortSignal): Command {
  return command("gate", "have images checked where they start: docker, containerd, kubernetes")
    .enablePositionalOptions()
    .addCommand(dockerGateCommand(signal))
    .addCommand(containerdGateCommand(signal))
    .addCommand(kubernetesGateCommand(signal));
}
