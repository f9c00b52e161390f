import type { Command } from "commander";
import type { CreateOptions } from "../actions/org.ts";
import { collect, command, runs } from "./command.ts";

const load = () => import("../actions/org.ts");

export function organisationCommand(signal: AbortSignal): Command {
  const create = command("create <name>", "admit an organisation to the registry that you govern", [
    "daochain org create acme --namespace docker.io/acme --admin 0x5aAe...",
  ])
    .option("--display-name <text>", "its name for people")
    .option("--namespace <prefix>", "repositories that it owns; may be given several times", collect)
    .option("--admin <address>", "its first admin and signer (default: you)")
    .option("--account <name>", "account to act with (default: the one in use)");
  const add = command("add-signer <org> <address>", "let another key sign for an organisation").option(
    "--account <name>",
    "account to act with (default: the one in use)",
  );
  return command("org", "organisations: create, show, list, add-signer")
    .addCommand(
      runs<CreateOptions>(create, signal, async (context, options, name = "") =>
        (await load()).createOrganisation(context, name, options),
      ),
    )
    .addCommand(
      runs(command("show [name]", "show an organisation"), signal, async (context, _options, name) =>
        (await load()).showOrganisation(context, name),
      ),
    )
    .addCommand(
      runs(command("list", "list all organisations"), signal, async (context) =>
        (await load()).listOrganisations(context),
      ),
    )
    .addCommand(
      runs<{ account?: string }>(add, signal, async (context, options, name = "", address = "") =>
        (await load()).addSigner(context, name, address, options),
      ),
    );
}
