import type { Command } from "commander";
import type { ExportOptions, ImportOptions, PasswordOptions } from "../actions/account.ts";
import { type CommandLine, command, runs, wholeNumber } from "./command.ts";

const load = () => import("../actions/account.ts");

export function accountCommand(line: CommandLine): Command {
  const { account: help } = line.help;
  const made = (usage: string, { description, examples }: (typeof help)["use"]): Command =>
    command(line, usage, description, examples);
  const create = made("create [name]", help.create).addHelpText("after", help.create.notes);
  const take = made("import <name>", help.import)
    .option("--keystore <file>", help.import.options.keystore)
    .option("--signer <url>", help.import.options.signer)
    .option("--address <address>", help.import.options.address);
  const list = made("list", help.list);
  const use = made("use <name>", help.use);
  const show = made("show [name]", help.show);
  const give = made("export [name]", help.export)
    .option("-o, --output <file>", help.export.options.output)
    .option("--private-key", help.export.options["private-key"])
    .option("-y, --yes", help.export.options.yes);
  const password = made("password [name]", help.password)
    .option("--new-password-fd <n>", help.password.options["new-password-fd"], wholeNumber(line, 0, 1023))
    .addHelpText("after", help.password.notes);
  const remove = made("remove <name>", help.remove).option("-y, --yes", help.remove.options.yes);
  const group = made("account", help.account).addHelpText("after", help.account.notes);
  for (const each of [
    runs(line, create, async (context, _options, name) => (await load()).createAccount(context, name)),
    runs<ImportOptions>(line, take, async (context, options, name = "") =>
      (await load()).importAccount(context, name, options),
    ),
    runs(line, list, async (context) => (await load()).listAccounts(context)),
    runs(line, use, async (context, _options, name = "") => (await load()).useAccount(context, name)),
    runs(line, show, async (context, _options, name) => (await load()).showAccount(context, name)),
    runs<ExportOptions>(line, give, async (context, options, name) =>
      (await load()).exportAccount(context, name, options),
    ),
    runs<PasswordOptions>(line, password, async (context, options, name) =>
      (await load()).changePassword(context, name, options),
    ),
    runs<{ yes?: boolean }>(line, remove, async (context, options, name = "") =>
      (await load()).removeAccount(context, name, options),
    ),
  ])
    group.addCommand(each);
  return group;
}
