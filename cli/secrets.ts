import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Account, AccountStore, Signer } from "../src/index.ts";
import type { Context } from "./context.ts";

/** How a wallet's password was chosen, where a command has just made the wallet. */
export interface NewPassword {
  readonly password: string;
  /** file into which it was generated */
  readonly file: string | undefined;
}

/** The wallets of this home. */
export function accountsOf({ library, home }: Context): AccountStore {
  return new library.AccountStore(home.accounts);
}

/**
 * The wallet to act as: the one named, else the key in DAOCHAIN_PRIVATE_KEY, else the current one.
 * @param name from `--account`
 * @throws ACCOUNT_NOT_FOUND, PASSWORD_MISSING, PASSWORD_WRONG, KEY_INVALID
 */
export async function unlockSigner(context: Context, name: string | undefined): Promise<Signer> {
  const key = context.env["DAOCHAIN_PRIVATE_KEY"] ?? "";
  if (name === undefined && key !== "") return context.library.privateKeySigner(key);
  const account = await currentAccount(context, name);
  return accountsOf(context).unlock(account.name, await passwordOf(context, account.name));
}

/** The account named, else the one in use, else the only one. @throws ACCOUNT_NOT_FOUND */
export async function currentAccount(context: Context, name?: string): Promise<Account> {
  const store = accountsOf(context);
  const chosen = name ?? (await context.library.readSettings(context.home)).account;
  if (chosen !== undefined) return store.show(chosen);
  const [only, ...more] = await store.list();
  if (only !== undefined && more.length === 0) return only;
  throw new context.library.DaoChainError(
    "ACCOUNT_NOT_FOUND",
    only === undefined ? "There is no account yet." : "There are several accounts, and none is in use.",
    {
      hint:
        only === undefined
          ? "daochain up makes one; daochain account create or import does too."
          : "Choose one with daochain account use NAME, or name it with --account.",
    },
  );
}

/** The password of an account: from DAOCHAIN_PASSWORD_FILE, from the file generated with it, or from the terminal. */
export async function passwordOf(context: Context, account: string): Promise<string> {
  const given = await passwordFromEnvironment(context);
  if (given !== undefined) return given;
  const generated = await context.library.readSmallFile(generatedPasswordFile(context, account), 4096);
  if (generated !== undefined) return withoutNewline(generated);
  if (context.interactive) return askHidden(context, `Password of account ${account}: `);
  throw new context.library.DaoChainError(
    "PASSWORD_MISSING",
    `The password of account ${account} is needed.`,
    {
      hint: "Put it into a file and name that file in DAOCHAIN_PASSWORD_FILE, or run on a terminal.",
    },
  );
}

/**
 * A password for a new account: from DAOCHAIN_PASSWORD_FILE, asked twice on a terminal, or else generated into a file
 * that only this user can read.
 */
export async function newPassword(context: Context, account: string): Promise<NewPassword> {
  const given = await passwordFromEnvironment(context);
  if (given !== undefined) return { password: given, file: undefined };
  if (context.interactive) {
    for (;;) {
      const password = await askHidden(context, `New password for account ${account}: `);
      if (password === "") context.note("An empty password protects nothing.");
      else if (password === (await askHidden(context, "The same again: ")))
        return { password, file: undefined };
      else context.note("The two differ; once more.");
    }
  }
  const file = generatedPasswordFile(context, account);
  const password = randomBytes(24).toString("base64url");
  await context.library.makePrivateDirectory(join(context.home.directory, "passwords"));
  try {
    await context.library.writeFileAtomic(file, `${password}\n`, { exclusive: true });
    return { password, file };
  } catch (error) {
    // Another process makes the same account just now, or one was ended before it had: its password will do.
    const other = await context.library.readSmallFile(file, 4096);
    if (other === undefined) throw error;
    return { password: withoutNewline(other), file };
  }
}

/** Asks for something that must not be seen. @throws CANCELLED */
export async function askHidden(context: Context, question: string): Promise<string> {
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  try {
    return await ask(context, question, hidden);
  } finally {
    process.stderr.write("\n");
  }
}

/**
 * Asks before an act that cannot be undone.
 * @param yes from `--yes`
 * @throws CANCELLED where the answer is no; USAGE where nobody can be asked
 */
export async function confirm(context: Context, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  const { DaoChainError } = context.library;
  if (!context.interactive) {
    throw new DaoChainError("USAGE", "This cannot be undone, and there is no terminal to ask on.", {
      hint: "Add --yes to do it without being asked.",
    });
  }
  const answer = await ask(context, `${question} [y/N] `, process.stderr);
  if (!/^y(es)?$/i.test(answer.trim())) throw new DaoChainError("CANCELLED", "Nothing was changed.");
}

/** @param echo where what is typed is shown */
async function ask(context: Context, question: string, echo: NodeJS.WritableStream): Promise<string> {
  // The terminal's own echo is off from here on; only then is there a question that somebody could answer.
  const lines = createInterface({ input: process.stdin, output: echo, terminal: true });
  process.stderr.write(question);
  const cancelled = new AbortController();
  lines.once("SIGINT", () => cancelled.abort());
  lines.once("close", () => cancelled.abort());
  try {
    return await lines.question("", { signal: AbortSignal.any([context.signal, cancelled.signal]) });
  } catch {
    throw new context.library.DaoChainError("CANCELLED", "Cancelled.");
  } finally {
    lines.close();
  }
}

async function passwordFromEnvironment(context: Context): Promise<string | undefined> {
  const file = context.env["DAOCHAIN_PASSWORD_FILE"] ?? "";
  if (file === "") return undefined;
  const text = await context.library.readSmallFile(file, 4096);
  if (text !== undefined) return withoutNewline(text);
  throw new context.library.DaoChainError("PASSWORD_MISSING", `The password file ${file} does not exist.`, {
    hint: "Check DAOCHAIN_PASSWORD_FILE.",
  });
}

function generatedPasswordFile({ home }: Context, account: string): string {
  return join(home.directory, "passwords", account);
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}
