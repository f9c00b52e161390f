import type { Command } from "commander";
import type { PolicyOptions } from "../actions/policy.ts";
import { type CommandLine, command, runs } from "./command.ts";

const usual = "daochain.policy.json";

/** What may run where, as a file says it: docs/policy.md. */
export function policyCommand(line: CommandLine): Command {
  const { policy: help, init: initHelp, check: checkHelp, explain: explainHelp } = line.help.policy;
  const init = command(line, "init [file]", initHelp.description, initHelp.examples).option(
    "--org <name>",
    initHelp.options.org,
  );
  const check = command(line, "check [file]", checkHelp.description, checkHelp.examples).addHelpText(
    "after",
    checkHelp.notes,
  );
  const explain = command(line, "explain <image>", explainHelp.description, explainHelp.examples)
    .option("--policy <file>", explainHelp.options.policy, usual)
    .addHelpText("after", explainHelp.notes);
  const load = () => import("../actions/policy.ts");
  return command(line, "policy", help.description, help.examples)
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
