import type { Command } from "commander";
import type { ChangeOptions, CreateOptions } from "../actions/org.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";

const load = () => import("../actions/org.ts");

export function organisationCommand(line: CommandLine): Command {
  const group = describe(line, "org", line.help.organisation.org);
  for (const made of [...readers(line), ...founders(line), ...changes(line)]) group.addCommand(made);
  return group;
}

function describe(
  line: CommandLine,
  usage: string,
  { description, examples }: { readonly description: string; readonly examples: readonly string[] },
): Command {
  return command(line, usage, description, examples);
}

function readers(line: CommandLine): Command[] {
  const { show, list, use } = line.help.organisation;
  return [
    runs(line, describe(line, "show [name]", show), async (context, _options, name) =>
      (await load()).showOrganisation(context, name),
    ),
    runs(line, describe(line, "list", list), async (context) => (await load()).listOrganisations(context)),
    runs(line, describe(line, "use <name>", use), async (context, _options, name = "") =>
      (await load()).useOrganisation(context, name),
    ),
  ];
}

function founders(line: CommandLine): Command[] {
  const { create: createHelp, admit: admitHelp, founding } = line.help.organisation;
  const withFounding = (made: Command): Command =>
    made
      .option("--display-name <text>", founding["display-name"])
      .option("--namespace <prefix>", founding.namespace, collect)
      .option("--account <name>", founding.account);
  const create = withFounding(describe(line, "create <name>", createHelp)).option(
    "--admin <address>",
    createHelp.options.admin,
  );
  const admit = withFounding(describe(line, "admit <name>", admitHelp)).requiredOption(
    "--admin <address>",
    admitHelp.options.admin,
  );
  return [create, admit].map((made) =>
    runs<CreateOptions>(line, made, async (context, options, name = "") =>
      (await load()).createOrganisation(context, name, options),
    ),
  );
}

function changes(line: CommandLine): Command[] {
  const { organisation: help } = line.help;
  const change = (usage: string, about: (typeof help)["threshold"]): Command =>
    describe(line, usage, about).option("--account <name>", help.change.account);
  const final = (usage: string, about: (typeof help)["threshold"]): Command =>
    change(usage, about).option("-y, --yes", help.change.yes);
  const since = final("void-signer <org> <address>", help["void-signer"]).requiredOption(
    "--since <time>",
    help["void-signer"].options.since,
  );
  return [
    runs<ChangeOptions>(
      line,
      change("add-signer <org> <address>", help["add-signer"]),
      async (context, options, name = "", address = "") =>
        (await load()).addSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final("retire-signer <org> <address>", help["retire-signer"]),
      async (context, options, name = "", address = "") =>
        (await load()).retireSigner(context, name, address, options),
    ),
    runs<ChangeOptions & { since: string }>(line, since, async (context, options, name = "", address = "") =>
      (await load()).voidSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final("replace-signer <org> <address> <replacement>", help["replace-signer"]),
      async (context, options, name = "", address = "", replacement = "") =>
        (await load()).replaceSigner(context, name, address, replacement, options),
    ),
    runs<ChangeOptions>(
      line,
      change("threshold <org> <number>", help.threshold),
      async (context, options, name = "", number = "") =>
        (await load()).setThreshold(context, name, number, options),
    ),
    runs<ChangeOptions>(
      line,
      change("add-namespace <org> <prefix>", help["add-namespace"]),
      async (context, options, name = "", prefix = "") =>
        (await load()).addNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      line,
      final("remove-namespace <org> <prefix>", help["remove-namespace"]),
      async (context, options, name = "", prefix = "") =>
        (await load()).removeNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      line,
      change("add-admin <org> <address>", help["add-admin"]),
      async (context, options, name = "", address = "") =>
        (await load()).addAdmin(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final("remove-admin <org> <address>", help["remove-admin"]),
      async (context, options, name = "", address = "") =>
        (await load()).removeAdmin(context, name, address, options),
    ),
  ];
}
