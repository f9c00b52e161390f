import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { isatty } from "node:tty";
import type { Account, AccountStore, Signer } from "../src/index.ts";
import * as library from "../src/index.ts";
import type { Context } from "./context.ts";

/** How a wallet's password was chosen, where a command has just made the wallet. */
export interface NewPassword {
  readonly password: string;
  /** file into which it was generated */
  readonly file: string | undefined;
}

/** The wallets of this home. */
export function accountsOf({ home }: Context): AccountStore {
  return new library.AccountStore(home.accounts);
}

/**
 * The wallet to act as: the one named, else the key in DAOCHAIN_PRIVATE_KEY, else the current one.
 * @param name from `--account`
 * @param password where it is known already
 * @throws ACCOUNT_NOT_FOUND, PASSWORD_MISSING, PASSWORD_WRONG, KEY_INVALID
 */
export async function unlockSigner(
  context: Context,
  name: string | undefined,
  password?: string,
): Promise<Signer> {
  const key = context.env["DAOCHAIN_PRIVATE_KEY"] ?? "";
  if (name === undefined && key !== "") return library.privateKeySigner(key);
  return unlockAccount(context, await currentAccount(context, name), password);
}

/** Whether a password must be asked for before the wallet in use can sign. @throws ACCOUNT_NOT_FOUND, KEYSTORE_INVALID */
export async function needsPassword(context: Context): Promise<boolean> {
  const { env, passwordFd } = context;
  if ((env["DAOCHAIN_PRIVATE_KEY"] ?? "") !== "") return false;
  const account = await currentAccount(context);
  if (account.kind === "external") return false;
  if (passwordFd !== undefined || (env["DAOCHAIN_PASSWORD_FILE"] ?? "") !== "") return false;
  return (await library.readSmallFile(generatedPasswordFile(context, account.name), 4096)) === undefined;
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
      onWait: (label) => context.note(`Waiting for the signer at ${label} to confirm.`),
    });
  }
  return accountsOf(context).unlock(account.name, password ?? (await passwordOf(context, account.name)));
}

/** The account named, else the one in use, else the only one. @throws ACCOUNT_NOT_FOUND */
export async function currentAccount(context: Context, name?: string): Promise<Account> {
  const store = accountsOf(context);
  const chosen = name ?? (await library.readSettings(context.home)).account;
  if (chosen !== undefined) return store.show(chosen);
  const [only, ...more] = await store.list();
  if (only !== undefined && more.length === 0) return only;
  throw new library.DaoChainError(
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

/** The password of an account: from `--password-fd` or DAOCHAIN_PASSWORD_FILE, from the file generated with it, or from the terminal. */
export async function passwordOf(context: Context, account: string): Promise<string> {
  const given = await givenPassword(context);
  if (given !== undefined) return given;
  const generated = await library.readSmallFile(generatedPasswordFile(context, account), 4096);
  if (generated !== undefined) return withoutNewline(generated);
  if (context.interactive) return askHidden(context, `Password of account ${account}: `);
  throw new library.DaoChainError("PASSWORD_MISSING", `The password of account ${account} is needed.`, {
    hint: "Put it into a file and name that file in DAOCHAIN_PASSWORD_FILE, pass it with --password-fd 0, or run on a terminal.",
  });
}

/**
 * A password for a new account: from `--password-fd` or DAOCHAIN_PASSWORD_FILE, asked twice on a terminal, or else generated into a file
 * that only this user can read.
 */
export async function newPassword(context: Context, account: string): Promise<NewPassword> {
  const given = await givenPassword(context);
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
  await library.makePrivateDirectory(join(context.home.directory, "passwords"));
  try {
    await library.writeFileAtomic(file, `${password}\n`, { exclusive: true });
    return { password, file };
  } catch (error) {
    // Another process makes the same account just now, or one was ended before it had: its password will do.
    const other = await library.readSmallFile(file, 4096);
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
  if (!context.interactive) {
    throw new library.DaoChainError("USAGE", "This cannot be undone, and there is no terminal to ask on.", {
      hint: "Add --yes to do it without being asked.",
    });
  }
  const answer = await ask(context, `${question} [y/N] `, process.stderr);
  if (!/^y(es)?$/i.test(answer.trim())) throw new library.DaoChainError("CANCELLED", "Nothing was changed.");
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
    throw new library.DaoChainError("CANCELLED", "Cancelled.");
  } finally {
    lines.close();
  }
}

async function givenPassword(context: Context): Promise<string | undefined> {
  if (context.password !== undefined) return context.password;
  const descriptor = context.passwordFd;
  if (descriptor !== undefined) {
    const found = descriptors.get(descriptor) ?? readDescriptor(context, descriptor);
    descriptors.set(descriptor, found);
    return found;
  }
  const file = context.env["DAOCHAIN_PASSWORD_FILE"] ?? "";
  if (file === "") return undefined;
  const text = await library.readSmallFile(file, 4096);
  if (text !== undefined) return withoutNewline(text);
  throw new library.DaoChainError("PASSWORD_MISSING", `The password file ${file} does not exist.`, {
    hint: "Check DAOCHAIN_PASSWORD_FILE.",
  });
}

/** What was read from a descriptor, which gives it only once. */
const descriptors = new Map<number, Promise<string>>();

async function readDescriptor({ signal }: Context, descriptor: number): Promise<string> {
  if (isatty(descriptor)) {
    throw new library.DaoChainError(
      "PASSWORD_MISSING",
      `Descriptor ${descriptor} is the terminal, which would show the password.`,
      {
        hint: "Leave --password-fd out to be asked, or connect it to a file or a pipe.",
      },
    );
  }
  try {
    const pieces: Buffer[] = [];
    // One byte more than a password may have.
    for await (const piece of createReadStream("", { fd: descriptor, end: 4096, signal })) pieces.push(piece);
    const text = Buffer.concat(pieces);
    if (text.length <= 4096) return withoutNewline(text.toString("utf8"));
  } catch (cause) {
    if (signal.aborted) throw new library.DaoChainError("CANCELLED", "Cancelled.");
    throw new library.DaoChainError(
      "PASSWORD_MISSING",
      `No password can be read from descriptor ${descriptor}.`,
      {
        hint: "Connect it: --password-fd 0 < FILE, or --password-fd 3 3< FILE.",
        cause,
      },
    );
  }
  throw new library.DaoChainError("PASSWORD_MISSING", `Descriptor ${descriptor} gives more than a password.`);
}

function generatedPasswordFile({ home }: Context, account: string): string {
  return join(home.directory, "passwords", account);
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}
