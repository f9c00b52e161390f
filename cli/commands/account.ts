import type { Command } from "commander";
import type { ExportOptions, ImportOptions } from "../actions/account.ts";
import { type CommandLine, command, runs } from "./command.ts";

const load = () => import("../actions/account.ts");

export function accountCommand(line: CommandLine): Command {
  const create = command(line, "create [name]", "make a new wallet, protected by a password");
  const take = command(
    line,
    "import <name>",
    "take over a wallet: a private key from the terminal or stdin, a keystore file, or an account at an external signer",
    [
      "daochain account import ci < key.txt",
      "daochain account import old --keystore UTC--2016-07-22T09-13-52...",
      "daochain account import ledger --signer unix:$HOME/.clef/clef.ipc",
    ],
  )
    .option("--keystore <file>", "a version 3 keystore file, as geth writes it")
    .option(
      "--signer <url>",
      "Clef, Web3Signer or alike, which keeps the key: https, http on loopback, or unix:PATH",
    )
    .option("--address <address>", "the account at the signer (default: the only one that it lists)");
  const show = command(line, "show [name]", "show a wallet's address");
  const give = command(line, "export [name]", "print a wallet's encrypted keystore file", [
    "daochain account export ci --output ci.json",
  ])
    .option("-o, --output <file>", "write it to a file that only you can read")
    .option("--private-key", "the bare private key instead")
    .option("-y, --yes", "do not ask");
  return command(line, "account", "wallets: create, import, list, use, show, export")
    .addCommand(
      runs(line, create, async (context, _options, name) => (await load()).createAccount(context, name)),
    )
    .addCommand(
      runs<ImportOptions>(line, take, async (context, options, name = "") =>
        (await load()).importAccount(context, name, options),
      ),
    )
    .addCommand(
      runs(line, command(line, "list", "list the wallets"), async (context) =>
        (await load()).listAccounts(context),
      ),
    )
    .addCommand(
      runs(
        line,
        command(line, "use <name>", "choose the wallet to act with"),
        async (context, _options, name = "") => (await load()).useAccount(context, name),
      ),
    )
    .addCommand(
      runs(line, show, async (context, _options, name) => (await load()).showAccount(context, name)),
    )
    .addCommand(
      runs<ExportOptions>(line, give, async (context, options, name) =>
        (await load()).exportAccount(context, name, options),
      ),
    );
}
