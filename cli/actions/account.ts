import { text as readAll } from "node:stream/consumers";
import type { Account } from "../../src/index.ts";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import {
  accountsOf,
  askHidden,
  chooseFirstAccount,
  confirm,
  currentAccount,
  newPassword,
  passwordOf,
} from "../secrets.ts";

const firstName = "default";

export async function createAccount(context: Context, name: string = firstName): Promise<number> {
  const { password, file } = await chosenPassword(context, name);
  const account = await accountsOf(context).create(name, password);
  if (file !== undefined) context.note(`Its password was generated into ${file}.`);
  return made(context, account);
}

export interface ImportOptions {
  /** a keystore file */
  readonly keystore?: string;
  /** URL of an external signer, which keeps the key */
  readonly signer?: string;
  /** which of the signer's accounts */
  readonly address?: string;
}

/** Takes over a keystore file, a private key typed on the terminal or piped into stdin, or an account at an external signer. */
export async function importAccount(context: Context, name: string, options: ImportOptions): Promise<number> {
  if (options.signer !== undefined) return importExternal(context, name, options.signer, options);
  if (options.address !== undefined) {
    throw new library.DaoChainError(
      "USAGE",
      "--address chooses an account of an external signer: name it with --signer.",
    );
  }
  if (options.keystore !== undefined) {
    const json = await library.readSmallFile(options.keystore, 64 * 1024);
    if (json === undefined)
      throw new library.DaoChainError("USAGE", `The file ${options.keystore} does not exist.`);
    const password = await passwordOf(context, name);
    return made(context, await accountsOf(context).importKeystore(name, json, password));
  }
  const key = context.interactive ? await askHidden(context, "Private key: ") : await readAll(process.stdin);
  library.privateKeySigner(key);
  const { password, file } = await chosenPassword(context, name);
  const account = await accountsOf(context).importPrivateKey(name, key, password);
  if (file !== undefined) context.note(`Its password was generated into ${file}.`);
  return made(context, account);
}

async function importExternal(
  context: Context,
  name: string,
  text: string,
  options: ImportOptions,
): Promise<number> {
  const { signal } = context;
  if (options.keystore !== undefined) {
    throw new library.DaoChainError(
      "USAGE",
      "An account is either in a keystore file or with an external signer.",
    );
  }
  const signer = library.toSignerUrl(text);
  await requireFree(context, name);
  let { address } = options;
  if (address === undefined) {
    const onWait = (label: string): void =>
      context.note(`Waiting for the signer at ${label} to list its accounts.`);
    const [only, ...more] = await library.listSignerAccounts({ url: signer, signal, onWait });
    if (only === undefined || more.length > 0) {
      throw new library.DaoChainError(
        "USAGE",
        only === undefined ? "The signer lists no account." : `The signer lists ${more.length + 1} accounts.`,
        { hint: "Name the one to use with --address." },
      );
    }
    address = only;
  }
  return made(context, await accountsOf(context).importExternal(name, library.toAddress(address), signer));
}

export async function listAccounts(context: Context): Promise<number> {
  const accounts = await accountsOf(context).list();
  const current = await currentAccount(context).catch(() => undefined);
  const isCurrent = ({ name }: Account): boolean => name === current?.name;
  if (context.json)
    context.result(toJson(accounts.map((account) => ({ ...account, current: isCurrent(account) }))));
  else {
    const rows = accounts.map((account) => [
      isCurrent(account) ? "*" : " ",
      account.name,
      account.address,
      whereabouts(account),
    ]);
    for (const line of table(rows)) context.result(line);
    if (accounts.length === 0) context.note("There is no account yet: daochain account create makes one.");
  }
  return 0;
}

export async function useAccount(context: Context, name: string): Promise<number> {
  const account = await accountsOf(context).show(name);
  await library.changeSettings(context.home, { account: name });
  return shown(context, account, `Account ${name} (${account.address}) is in use.`);
}

export async function showAccount(context: Context, name: string | undefined): Promise<number> {
  const account = await currentAccount(context, name);
  return shown(context, account, `${account.name} ${account.address} ${whereabouts(account)}`.trimEnd());
}

export interface ExportOptions {
  readonly output?: string;
  /** the bare key rather than the encrypted file */
  readonly privateKey?: boolean;
  readonly yes?: boolean;
}

export async function exportAccount(
  context: Context,
  name: string | undefined,
  options: ExportOptions,
): Promise<number> {
  const account = await currentAccount(context, name);
  const store = accountsOf(context);
  let content = await store.export(account.name);
  if (options.privateKey === true) {
    await confirm(
      context,
      `Whoever sees the bare key of ${account.name} can sign with it. Show it?`,
      options.yes,
    );
    content = `${await store.privateKey(account.name, await passwordOf(context, account.name))}\n`;
  }
  if (options.output === undefined) {
    context.result(content.trimEnd());
    return 0;
  }
  await library.writeFileAtomic(options.output, content);
  context.note(`Account ${account.name} was written to ${options.output}.`);
  return 0;
}

/** Fails before anybody is asked for a password, if the name is taken or no name. */
async function chosenPassword(context: Context, name: string): ReturnType<typeof newPassword> {
  await requireFree(context, name);
  return newPassword(context, name);
}

/** @throws ACCOUNT_EXISTS; USAGE where it is no name */
async function requireFree(context: Context, name: string): Promise<void> {
  const found = await accountsOf(context)
    .show(name)
    .catch((error) => {
      if (library.isDaoChainError(error, "ACCOUNT_NOT_FOUND")) return undefined;
      throw error;
    });
  if (found === undefined) return;
  throw new library.DaoChainError("ACCOUNT_EXISTS", `There is already an account named ${name}.`, {
    hint: "Choose another name; an account is never overwritten.",
  });
}

async function made(context: Context, account: Account): Promise<number> {
  await chooseFirstAccount(context, account);
  return shown(context, account, `Account ${account.name} is ${account.address}.`);
}

/** Where its key is, if that is not here. */
function whereabouts({ signer }: Account): string {
  return signer === undefined ? "" : `external: ${signer}`;
}

function shown(context: Context, account: Account, sentence: string): number {
  if (context.json) context.result(toJson(account));
  else if (!context.quiet) context.result(sentence);
  return 0;
}
