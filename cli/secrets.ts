import type { Account, AccountStore, Signer } from "../src/internal.ts";
import * as library from "../src/internal.ts";
import type { Context } from "./context.ts";
import { environmentKey } from "./environment-key.ts";
import { hasPassword, withPassword } from "./passwords.ts";

export { confirm } from "./ask.ts";
export { environmentKey } from "./environment-key.ts";

/** Who acts, and why it is that one. */
export type AccountInForce =
  | { readonly source: "argument" | "settings" | "only"; readonly account: Account }
  | {
      readonly source: "environment";
      readonly variable: "DAOCHAIN_PRIVATE_KEY" | "DAOCHAIN_PRIVATE_KEY_FILE";
      readonly signer: Signer;
    };

/** The accounts of this home. */
export function accountsOf({ home }: Context): AccountStore {
  return new library.AccountStore(home.accounts);
}

/**
 * The account to act as: the one named, else the key that the environment gives, else the current one.
 * @param name from `--account`
 * @throws ACCOUNT_NOT_FOUND, ACCOUNT_NONE, ACCOUNT_NOT_CHOSEN, PRIVATE_KEY_TWICE, PRIVATE_KEY_FILE_MISSING, KEY_INVALID
 */
export async function accountInForce(context: Context, name?: string): Promise<AccountInForce> {
  if (name !== undefined) return { source: "argument", account: await accountsOf(context).show(name) };
  const key = await environmentKey(context);
  if (key !== undefined) return { source: "environment", ...key };
  return chosenAccount(context);
}

/**
 * The same, ready to sign.
 * @param password where it is known already
 * @throws as `accountInForce`; PASSWORD_MISSING, PASSWORD_WRONG
 */
export async function unlockSigner(
  context: Context,
  name: string | undefined,
  password?: string,
): Promise<Signer> {
  const inForce = await accountInForce(context, name);
  return inForce.source === "environment"
    ? inForce.signer
    : unlockAccount(context, inForce.account, password);
}

/** Whether a password must be asked for before the account in use can sign. @throws as `accountInForce` */
export async function needsPassword(context: Context): Promise<boolean> {
  const inForce = await accountInForce(context);
  if (inForce.source === "environment" || inForce.account.kind === "external") return false;
  return !(await hasPassword(context, inForce.account.name));
}

/** The first account of a home is the one in use. */
export async function chooseFirstAccount({ home }: Context, account: Account): Promise<void> {
  const settings = await library.readSettings(home);
  if (settings.account === undefined) await library.changeSettings(home, { account: account.name });
}

/**
 * An account as a signer: its key is opened with a password, or is with an external signer that is asked at each use.
 * @param password where it is known already
 */
export async function unlockAccount(context: Context, account: Account, password?: string): Promise<Signer> {
  const { signal } = context;
  if (account.kind === "external") {
    return library.externalSigner({
      url: account.signer ?? "",
      address: account.address,
      signal,
      onWait: (label) => context.note(context.words.common.waitingForSigner(label)),
    });
  }
  const open = (text: string): Promise<Signer> => accountsOf(context).unlock(account.name, text);
  return password === undefined ? withPassword(context, account.name, open) : open(password);
}

/** The account named, else the one in use, else the only one. @throws ACCOUNT_NOT_FOUND, ACCOUNT_NONE, ACCOUNT_NOT_CHOSEN */
export async function currentAccount(context: Context, name?: string): Promise<Account> {
  return name === undefined ? (await chosenAccount(context)).account : accountsOf(context).show(name);
}

async function chosenAccount(
  context: Context,
): Promise<{ readonly source: "settings" | "only"; readonly account: Account }> {
  const store = accountsOf(context);
  const chosen = (await library.readSettings(context.home)).account;
  if (chosen !== undefined) return { source: "settings", account: await store.show(chosen) };
  const [only, ...more] = await store.list();
  if (only === undefined) throw library.failure("ACCOUNT_NONE");
  if (more.length > 0) throw library.failure("ACCOUNT_NOT_CHOSEN");
  return { source: "only", account: only };
}
