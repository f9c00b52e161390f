import { text as readAll } from "node:stream/consumers";
import type { Account } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import { askHidden, confirm } from "../ask.ts";
import type { Context } from "../context.ts";
import { environmentKey } from "../environment-key.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { table } from "../output/table.ts";
import { forgetGeneratedPassword, newPassword, replacementPassword, withPassword } from "../passwords.ts";
import {
  type AccountInForce,
  accountInForce,
  accountsOf,
  chooseFirstAccount,
  currentAccount,
} from "../secrets.ts";

const firstName = "default";

export async function createAccount(context: Context, name: string = firstName): Promise<number> {
  const { account: words } = context.words;
  await accountsOf(context).requireFree(name);
  const { password, file } = await newPassword(context, name);
  const account = await accountsOf(context).create(name, password);
  const code = await made(context, account);
  if (file !== undefined) context.note(words.passwordGenerated(file));
  const { organisation } = await library.readSettings(context.home);
  if (organisation !== undefined) context.note(words.howToAdmit(sanitizeLine(organisation), account.address));
  for (const line of words.howToUseInCi(name)) context.note(line);
  return code;
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
  if (options.address !== undefined) throw library.failure("ADDRESS_WITHOUT_SIGNER");
  if (options.keystore !== undefined) {
    const json = await library.readSmallFile(options.keystore, 64 * 1024);
    if (json === undefined) throw library.failure("KEYSTORE_FILE_MISSING", { file: options.keystore });
    const store = accountsOf(context);
    await store.requireFree(name);
    return made(
      context,
      await withPassword(context, name, (password) => store.importKeystore(name, json, password)),
    );
  }
  await accountsOf(context).requireFree(name);
  const { privateKey } = context.words.common;
  const key = context.interactive ? await askHidden(context, privateKey) : await readAll(process.stdin);
  library.privateKeySigner(key);
  const { password, file } = await newPassword(context, name);
  const account = await accountsOf(context).importPrivateKey(name, key, password);
  if (file !== undefined) context.note(context.words.account.passwordGenerated(file));
  return made(context, account);
}

async function importExternal(
  context: Context,
  name: string,
  text: string,
  options: ImportOptions,
): Promise<number> {
  const { signal } = context;
  if (options.keystore !== undefined) throw library.failure("KEYSTORE_AND_SIGNER");
  const signer = library.toSignerUrl(text);
  await accountsOf(context).requireFree(name);
  let { address } = options;
  if (address === undefined) {
    const onWait = (label: string): void => context.note(context.words.common.waitingForAccounts(label));
    const [only, ...more] = await library.listSignerAccounts({ url: signer, signal, onWait });
    if (only === undefined) throw library.failure("SIGNER_HAS_NO_ACCOUNT");
    if (more.length > 0) throw library.failure("SIGNER_ACCOUNT_NOT_CHOSEN", { count: more.length + 1 });
    address = only;
  }
  return made(context, await accountsOf(context).importExternal(name, library.toAddress(address), signer));
}

export async function listAccounts(context: Context): Promise<number> {
  const { account: words } = context.words;
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
      whereabouts(context, account),
    ]);
    for (const line of table(rows)) context.result(line);
    if (accounts.length === 0) context.note(words.none);
  }
  const key = await environmentKey(context);
  if (key !== undefined) context.note(words.keyInForce(key.variable, key.signer.address));
  return 0;
}

export async function useAccount(context: Context, name: string): Promise<number> {
  const { account: words } = context.words;
  const account = await accountsOf(context).show(name);
  await library.changeSettings(context.home, { account: name });
  const code = shown(context, account, words.used(name, account.address));
  const key = await environmentKey(context);
  if (key !== undefined) context.note(words.keyInForce(key.variable, key.signer.address));
  return code;
}

/** Shows the account that commands act as, and why it is that one. */
export async function showAccount(context: Context, name: string | undefined): Promise<number> {
  const inForce = await accountInForce(context, name);
  const { source } = inForce;
  const because = (words: Context["words"]): string =>
    words.account.why(source, source === "environment" ? inForce.variable : "");
  if (context.json) {
    // What programs read stays English.
    const { en } = await import("../words/en/index.ts");
    context.result(toJson({ ...described(inForce), source, reason: because(en) }));
  } else if (!context.quiet) {
    const [label, address, where] =
      source === "environment"
        ? [inForce.variable, inForce.signer.address, ""]
        : [inForce.account.name, inForce.account.address, whereabouts(context, inForce.account)];
    context.result([label, address, where, `(${because(context.words)})`].filter(Boolean).join(" "));
  }
  return 0;
}

function described(inForce: AccountInForce) {
  if (inForce.source !== "environment") return inForce.account;
  return { name: null, address: inForce.signer.address, kind: "key", variable: inForce.variable };
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
  const { account: words } = context.words;
  const account = await currentAccount(context, name);
  const store = accountsOf(context);
  let content = await store.export(account.name);
  if (options.privateKey === true) {
    await confirm(context, words.showKey(account.name), options.yes);
    const open = (password: string): Promise<string> => store.privateKey(account.name, password);
    content = `${await withPassword(context, account.name, open)}\n`;
  }
  if (options.output === undefined) {
    context.result(content.trimEnd());
    return 0;
  }
  await library.writeFileAtomic(options.output, content);
  context.note(words.exported(account.name, options.output));
  return 0;
}

export interface PasswordOptions {
  /** descriptor that gives the new password */
  readonly newPasswordFd?: number;
}

/** Asks for an account's password, then for the one that takes its place. */
export async function changePassword(
  context: Context,
  name: string | undefined,
  options: PasswordOptions,
): Promise<number> {
  const { account: words } = context.words;
  if (options.newPasswordFd !== undefined && options.newPasswordFd === context.passwordFd)
    throw library.failure("PASSWORD_DESCRIPTORS_EQUAL");
  const account = await currentAccount(context, name);
  const store = accountsOf(context);
  // An account with an external signer has no password here, and says so.
  await store.export(account.name);
  const old = await withPassword(context, account.name, async (password) => {
    await store.privateKey(account.name, password);
    return password;
  });
  const next = await replacementPassword(context, account.name, options.newPasswordFd);
  await store.changePassword(account.name, old, next);
  await forgetGeneratedPassword(context, account.name);
  const code = shown(context, account, words.passwordChanged(account.name));
  context.note(words.exportsKeep);
  return code;
}

/** Deletes an account for good. The one in use goes only with `--yes`. */
export async function removeAccount(
  context: Context,
  name: string,
  options: { readonly yes?: boolean },
): Promise<number> {
  const { account: words } = context.words;
  const { home } = context;
  const account = await accountsOf(context).show(name);
  const isInUse = (await currentAccount(context).catch(() => undefined))?.name === name;
  if (isInUse && options.yes !== true) throw library.failure("ACCOUNT_IN_USE", { name });
  if (options.yes !== true) {
    const says = account.kind === "external" ? words.removesExternal : words.removes;
    context.note(says(name, account.address));
  }
  await confirm(context, words.remove, options.yes);
  if ((await library.readSettings(home)).account === name)
    await library.changeSettings(home, { account: undefined });
  await accountsOf(context).remove(name);
  await forgetGeneratedPassword(context, name);
  return shown(context, account, words.removed(name));
}

async function made(context: Context, account: Account): Promise<number> {
  await chooseFirstAccount(context, account);
  return shown(context, account, context.words.account.made(account.name, account.address));
}

/** Where its key is, if that is not here. */
function whereabouts(context: Context, { signer }: Account): string {
  return signer === undefined ? "" : context.words.account.external(signer);
}

function shown(context: Context, account: Account, sentence: string): number {
  if (context.json) context.result(toJson(account));
  else if (!context.quiet) context.result(sanitizeLine(sentence));
  return 0;
}
