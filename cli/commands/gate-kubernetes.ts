import { type Command, InvalidArgumentError, Option } from "commander";
import type { KubernetesGateOptions } from "../actions/gate-kubernetes.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

export function kubernetesGateCommand(line: CommandLine): Command {
  const { kubernetes: help, objectName } = line.help.gate;
  const { options } = help;
  const toName = (text: string): string => {
    if (text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) return text;
    throw new InvalidArgumentError(objectName);
  };
  const kubernetes = withGateOptions(line, command(line, "kubernetes", help.description, help.examples))
    .addOption(
      new Option("--listen <address:port>", options.listen)
        .argParser(toAddress(line))
        .default({ host: "0.0.0.0", port: 8443 }, "0.0.0.0:8443"),
    )
    .option("--cert <file>", options.cert)
    .option("--key <file>", options.key)
    .option("--cert-secret <name>", options["cert-secret"], toName)
    .option("--service <name>", options.service, toName, "daochain-gate")
    .option("--webhook <name>", options.webhook, toName, "daochain-gate")
    .option("--require-digest", options["require-digest"])
    .option("--tag-cache <seconds>", options["tag-cache"], wholeNumber(line, 0, 60), 5)
    .addHelpText("after", help.notes);
  return runs<KubernetesGateOptions>(line, kubernetes, async (context, options) =>
    (await import("../actions/gate-kubernetes.ts")).serveKubernetes(context, options),
  );
}

function toAddress({ help }: CommandLine): (text: string) => { host: string; port: number } {
  return (text) => {
    const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
    const host = match?.[1] ?? match?.[2];
    const port = Number(match?.[3]);
    if (host === undefined || !(port <= 65_535)) throw new InvalidArgumentError(help.gate.address);
    return { host, port };
  };
}
