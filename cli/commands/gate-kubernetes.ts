import { type Command, InvalidArgumentError, Option } from "commander";
import type { KubernetesGateOptions } from "../actions/gate-kubernetes.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";
import { withGateOptions } from "./gate-options.ts";

export function kubernetesGateCommand(line: CommandLine): Command {
  const kubernetes = withGateOptions(
    line,
    command(
      line,
      "kubernetes",
      "have a Kubernetes cluster run verified images only (its admission webhooks)",
      [
        "daochain gate kubernetes --cert tls.crt --key tls.key      serve the webhooks until Ctrl-C",
        "daochain gate kubernetes --cert-secret daochain-gate       in a cluster: make the certificate, renew it, have it trusted",
      ],
    ),
  )
    .addOption(
      new Option("--listen <address:port>", "where API servers ask")
        .argParser(toAddress)
        .default({ host: "0.0.0.0", port: 8443 }, "0.0.0.0:8443"),
    )
    .option("--cert <file>", "the certificate in PEM, renewed by others; read again when it changes")
    .option("--key <file>", "its key in PEM")
    .option(
      "--cert-secret <name>",
      "instead: the Secret in which the gate keeps the certificates that it makes and renews",
      toName,
    )
    .option("--service <name>", "the Service by which API servers reach the gate", toName, "daochain-gate")
    .option(
      "--webhook <name>",
      "the webhooks' configurations, which are told to trust what the gate makes",
      toName,
      "daochain-gate",
    )
    .option("--require-digest", "refuse images that are named by a tag alone")
    .option(
      "--tag-cache <seconds>",
      "how long it is remembered what a tag stands for",
      wholeNumber(line, 0, 60),
      5,
    )
    .addHelpText(
      "after",
      `
The webhooks are POST /validate and POST /mutate; GET /readyz, /livez and /metrics are beside them. The manifests and the Helm chart
that put it into a cluster are under deploy/; what it sees and what it does not is in docs/gates/kubernetes.md.`,
    );
  return runs<KubernetesGateOptions>(line, kubernetes, async (context, options) =>
    (await import("../actions/gate-kubernetes.ts")).serveKubernetes(context, options),
  );
}

function toName(text: string): string {
  if (text.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(text)) return text;
  throw new InvalidArgumentError("It is not the name of an object of Kubernetes.");
}

function toAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]+)):(\d{1,5})$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = Number(match?.[3]);
  if (host === undefined || !(port <= 65_535))
    throw new InvalidArgumentError("It is like 0.0.0.0:8443 or [::]:8443.");
  return { host, port };
}
