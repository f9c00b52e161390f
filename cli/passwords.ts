import { randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isatty } from "node:tty";
import * as library from "../src/internal.ts";
import { askHidden } from "./ask.ts";
import type { Context } from "./context.ts";

/** How an account's password was chosen, where a command has just made the account. */
export interface NewPassword {
  readonly password: string;
  /** file into which it was generated */
  readonly file: string | undefined;
}

/** How often a password may be typed until it opens the account. */
const attempts = 3;

/**
 * Opens something with an account's password: from `--password-fd` or DAOCHAIN_PASSWORD_FILE, from the file generated with it, or from the
 * terminal, where a wrong one may be typed again.
 * @throws PASSWORD_MISSING, PASSWORD_FILE_MISSING, PASSWORD_WRONG, CANCELLED, and what `open` throws
 */
export async function withPassword<T>(
  context: Context,
  account: string,
  open: (password: string) => Promise<T>,
): Promise<T> {
  const given = await givenPassword(context);
  if (given !== undefined) return open(given);
  const generated = await generatedPassword(context, account);
  if (generated !== undefined) {
    try {
      return await open(generated);
    } catch (error) {
      // A change of the password that was cut short leaves a file that opens nothing any more.
      if (!library.isDaoChainError(error, "PASSWORD_WRONG") || !context.interactive) throw error;
    }
  }
  if (!context.interactive) throw library.failure("PASSWORD_MISSING", { account });
  const { passwordOf, passwordWrong } = context.words.common;
  for (let attempt = 1; ; attempt++) {
    const password = await askHidden(context, passwordOf(account));
    try {
      return await open(password);
    } catch (error) {
      if (!library.isDaoChainError(error, "PASSWORD_WRONG") || attempt === attempts) throw error;
      context.note(passwordWrong(attempts - attempt));
    }
  }
}

/** Whether an account can be opened without anybody being asked for its password. */
export async function hasPassword(context: Context, account: string): Promise<boolean> {
  if (context.passwordFd !== undefined || (context.env["DAOCHAIN_PASSWORD_FILE"] ?? "") !== "") return true;
  return (await generatedPassword(context, account)) !== undefined;
}

/**
 * A password for a new account: from `--password-fd` or DAOCHAIN_PASSWORD_FILE, asked twice on a terminal, or else generated into a file
 * that only this user can read.
 */
export async function newPassword(context: Context, account: string): Promise<NewPassword> {
  const given = await givenPassword(context);
  if (given !== undefined) return { password: given, file: undefined };
  if (context.interactive) return { password: await askNewPassword(context, account), file: undefined };
  const file = generatedPasswordFile(context, account);
  const password = randomBytes(24).toString("base64url");
  await library.makePrivateDirectory(join(context.home.directory, "passwords"));
  try {
    await library.writeFileAtomic(file, `${password}\n`, { exclusive: true });
    return { password, file };
  } catch (error) {
    // Another process makes the same account just now, or one was ended before it had: its password will do.
    const other = await generatedPassword(context, account);
    if (other === undefined) throw error;
    return { password: other, file };
  }
}

/**
 * The password that takes another's place.
 * @param descriptor from `--new-password-fd`
 * @throws NEW_PASSWORD_MISSING, PASSWORD_DESCRIPTORS_EQUAL, DESCRIPTOR_UNREADABLE, CANCELLED
 */
export async function replacementPassword(
  context: Context,
  account: string,
  descriptor: number | undefined,
): Promise<string> {
  if (descriptor !== undefined) return readDescriptor(context, descriptor);
  if (context.interactive) return askNewPassword(context, account);
  throw library.failure("NEW_PASSWORD_MISSING", { account });
}

/** Forgets the password that was generated for an account, where one was. */
export async function forgetGeneratedPassword(context: Context, account: string): Promise<void> {
  await rm(generatedPasswordFile(context, account), { force: true });
}

/** Asks twice, until both are the same and long enough. */
async function askNewPassword(context: Context, account: string): Promise<string> {
  const { newPassword, samePassword, passwordsDiffer, passwordTooShort } = context.words.common;
  for (;;) {
    const password = await askHidden(context, newPassword(account, library.leastPassword));
    if (!library.isPasswordLongEnough(password)) context.note(passwordTooShort(library.leastPassword));
    else if (password === (await askHidden(context, samePassword))) return password;
    else context.note(passwordsDiffer);
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
  throw library.failure("PASSWORD_FILE_MISSING", { file });
}

/** What was read from a descriptor, which gives it only once. */
const descriptors = new Map<number, Promise<string>>();

async function readDescriptor({ signal }: Context, descriptor: number): Promise<string> {
  if (isatty(descriptor)) throw library.failure("DESCRIPTOR_IS_TERMINAL", { descriptor });
  try {
    const pieces: Buffer[] = [];
    // One byte more than a password may have.
    for await (const piece of createReadStream("", { fd: descriptor, end: 4096, signal })) pieces.push(piece);
    const text = Buffer.concat(pieces);
    if (text.length <= 4096) return withoutNewline(text.toString("utf8"));
  } catch (cause) {
    if (signal.aborted) throw library.failure("CANCELLED");
    throw library.failure("DESCRIPTOR_UNREADABLE", { descriptor }, { cause });
  }
  throw library.failure("DESCRIPTOR_TOO_LONG", { descriptor });
}

async function generatedPassword(context: Context, account: string): Promise<string | undefined> {
  const text = await library.readSmallFile(generatedPasswordFile(context, account), 4096);
  return text === undefined ? undefined : withoutNewline(text);
}

function generatedPasswordFile({ home }: Context, account: string): string {
  return join(home.directory, "passwords", account);
}

function withoutNewline(text: string): string {
  return text.replace(/\r?\n$/, "");
}
