import type { Command } from "commander";
import type { PolicyOptions } from "../actions/policy.ts";
import { type CommandLine, command, runs } from "./command.ts";

const usual = "daochain.policy.json";

/** What may run where, as a file says it: docs/policy.md. */
export function policyCommand(line: CommandLine): Command {
  const init = command(line, "init [file]", "write a first policy file", [
    "daochain policy init",
    "daochain policy init /etc/daochain/daochain.policy.json --org acme",
  ]).option("--org <name>", "the organisation that must have signed (default: the owner of the repository)");
  const check = command(
    line,
    "check [file]",
    "say whether a policy file can be used, and what is wrong with it",
    ["daochain policy check daochain.policy.json"],
  );
  const explain = command(
    line,
    "explain <image>",
    "show which policy holds for an image, and what it asks for",
    [
      "daochain policy explain docker.io/acme/api:1.4.2",
      "daochain policy explain --policy /etc/daochain/daochain.policy.json acme/api --json",
    ],
  ).option("--policy <file>", "the policy file", usual);
  const load = () => import("../actions/policy.ts");
  return command(line, "policy", "say who must have signed what: init, check, explain")
    .enablePositionalOptions()
    .addCommand(
      runs<PolicyOptions>(line, init, async (context, options, file = usual) =>
        (await load()).initPolicy(context, file, options),
      ),
    )
    .addCommand(
      runs(line, check, async (context, _, file = usual) => (await load()).checkPolicy(context, file)),
    )
    .addCommand(
      runs<PolicyOptions & { policy: string }>(line, explain, async (context, options, image = "") =>
        (await load()).explainPolicy(context, options.policy, image),
      ),
    );
}
