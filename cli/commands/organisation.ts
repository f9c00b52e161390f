import type { Command } from "commander";
import type { ChangeOptions, CreateOptions } from "../actions/org.ts";
import { collect, command, runs } from "./command.ts";

const load = () => import("../actions/org.ts");

export function organisationCommand(signal: AbortSignal): Command {
  const group = command("org", "organisations: who signs for which repositories");
  for (const made of [...readers(signal), ...founders(signal), ...changes(signal)]) group.addCommand(made);
  return group;
}

function readers(signal: AbortSignal): Command[] {
  return [
    runs(command("show [name]", "show an organisation"), signal, async (context, _options, name) =>
      (await load()).showOrganisation(context, name),
    ),
    runs(command("list", "list all organisations"), signal, async (context) =>
      (await load()).listOrganisations(context),
    ),
  ];
}

function founders(signal: AbortSignal): Command[] {
  const founding = (usage: string, description: string, examples: readonly string[]): Command =>
    command(usage, description, examples)
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
    runs<CreateOptions>(made, signal, async (context, options, name = "") =>
      (await load()).createOrganisation(context, name, options),
    ),
  );
}

function changes(signal: AbortSignal): Command[] {
  const change = (usage: string, description: string, examples: readonly string[] = []): Command =>
    command(usage, description, examples).option(
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
      change("add-signer <org> <address>", "let another key sign for an organisation"),
      signal,
      async (context, options, name = "", address = "") =>
        (await load()).addSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      final("retire-signer <org> <address>", "let a key sign no more; what it signed stands"),
      signal,
      async (context, options, name = "", address = "") =>
        (await load()).retireSigner(context, name, address, options),
    ),
    runs<ChangeOptions & { since: string }>(
      since,
      signal,
      async (context, options, name = "", address = "") =>
        (await load()).voidSigner(context, name, address, options),
    ),
    runs<ChangeOptions>(
      final(
        "replace-signer <org> <address> <replacement>",
        "retire one key and let another sign, in one act",
      ),
      signal,
      async (context, options, name = "", address = "", replacement = "") =>
        (await load()).replaceSigner(context, name, address, replacement, options),
    ),
    runs<ChangeOptions>(
      change("threshold <org> <number>", "set how many signatures a claim takes"),
      signal,
      async (context, options, name = "", number = "") =>
        (await load()).setThreshold(context, name, number, options),
    ),
    runs<ChangeOptions>(
      change(
        "add-namespace <org> <prefix>",
        "give repositories to an organisation; for the registry's governor",
      ),
      signal,
      async (context, options, name = "", prefix = "") =>
        (await load()).addNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      final("remove-namespace <org> <prefix>", "give repositories back"),
      signal,
      async (context, options, name = "", prefix = "") =>
        (await load()).removeNamespace(context, name, prefix, options),
    ),
    runs<ChangeOptions>(
      change("add-admin <org> <address>", "let another key change an organisation"),
      signal,
      async (context, options, name = "", address = "") =>
        (await load()).addAdmin(context, name, address, options),
    ),
    runs<ChangeOptions>(
      final("remove-admin <org> <address>", "let a key change an organisation no more; the last admin stays"),
      signal,
      async (context, options, name = "", address = "") =>
        (await load()).removeAdmin(context, name, address, options),
    ),
  ];
}
