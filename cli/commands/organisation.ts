import type { Command } from "commander";
import type { ChangeOptions, CreateOptions } from "../actions/org.ts";
import { type CommandLine, collect, command, runs } from "./command.ts";

const load = () => import("../actions/org.ts");

export function organisationCommand(line: CommandLine): Command {
  const group = command(line, "org", "organisations: who signs for which repositories");
  for (const made of [...readers(line), ...founders(line), ...changes(line)]) group.addCommand(made);
  return group;
}

function readers(line: CommandLine): Command[] {
  return [
    runs(line, command(line, "show [name]", "show an organisation"), async (context, _options, name) =>
      (await load()).showOrganisation(context, name),
    ),
    runs(line, command(line, "list", "list all organisations"), async (context) =>
      (await load()).listOrganisations(context),
    ),
  ];
}

function founders(line: CommandLine): Command[] {
  const founding = (usage: string, description: string, examples: readonly string[]): Command =>
    command(line, usage, description, examples)
      .option("--display-name <text>", "its name for people")
      .option("--namespace <prefix>", "repositories that it owns; may be given several times", collect)
      .option("--account <name>", "account to act with (default: the one in use)");
  const create = founding(
    "create <name>",
    "admit an organisation of your own to the registry that you govern",
    ["daochain org create acme --namespace docker.io/acme"],
  ).option("--admin <address>", "its first admin and signer (default: you)");
  const admit = founding(
    "admit <name>",
    "admit somebody else's organisation to the registry that you govern",
    ["daochain org admit acme --admin 0x5aAe... --namespace docker.io/acme --namespace registry.acme.io"],
  ).requiredOption("--admin <address>", "its first admin and signer");
  return [create, admit].map((made) =>
    runs<CreateOptions>(line, made, async (context, options, name = "") =>
      (await load()).createOrganisation(context, name, options),
    ),
  );
}

function changes(line: CommandLine): Command[] {
  const change = (usage: string, description: string, examples: readonly string[] = []): Command =>
    command(line, usage, description, examples).option(
      "--account <name>",
      "account to act with (default: the one in use)",
    );
  const final = (usage: string, description: string, examples: readonly string[] = []): Command =>
    change(usage, description, examples).option("-y, --yes", "do not ask");
  const since = final(
    "void-signer <org> <address>",
    "disown what a key signed since a moment, as when it was stolen",
    [
      "daochain org void-signer acme 0x5aAe... --since 2026-01-31T14:00:00Z",
      "daochain org void-signer acme 0x5aAe... --since 3d",
    ],
  ).requiredOption("--since <time>", "a date or time, or a span back from now");
  return [
    runs<ChangeOptions>(
      line,
      change("add-signer <org> <address>", "let another key sign for an organisation"),
      async (context, options, name = "", address = "") =>
        (await load()).addSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final("retire-signer <org> <address>", "let a key sign no more; what it signed stands"),
      async (context, options, name = "", address = "") =>
        (await load()).retireSigner(context, name, address, options),
    ),
    runs<ChangeOptions & { since: string }>(line, since, async (context, options, name = "", address = "") =>
      (await load()).voidSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final(
        "replace-signer <org> <address> <replacement>",
        "retire one key and let another sign, in one act",
      ),
      async (context, options, name = "", address = "", replacement = "") =>
        (await load()).replaceSigner(context, name, address, replacement, options),
    ),
    runs<ChangeOptions>(
      line,
      change("threshold <org> <number>", "set how many signatures a claim takes"),
      async (context, options, name = "", number = "") =>
        (await load()).setThreshold(context, name, number, options),
    ),
    runs<ChangeOptions>(
      line,
      change(
        "add-namespace <org> <prefix>",
        "give repositories to an organisation; for the registry's governor",
      ),
      async (context, options, name = "", prefix = "") =>
        (await load()).addNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      line,
      final("remove-namespace <org> <prefix>", "give repositories back"),
      async (context, options, name = "", prefix = "") =>
        (await load()).removeNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      line,
      change("add-admin <org> <address>", "let another key change an organisation"),
      async (context, options, name = "", address = "") =>
        (await load()).addAdmin(context, name, address, options),
    ),
    runs<ChangeOptions>(
      line,
      final("remove-admin <org> <address>", "let a key change an organisation no more; the last admin stays"),
      async (context, options, name = "", address = "") =>
        (await load()).removeAdmin(context, name, address, options),
    ),
  ];
}
