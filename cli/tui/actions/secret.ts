import type { Part } from "../../browser/text/part.ts";
import type { Shell } from "../shell.ts";

/**
 * Asks before something is signed: for the account's password, or where it has none, for a yes.
 * @returns undefined where the person gives up
 */
export async function askSecret(
  shell: Shell,
  title: string,
  about: readonly (readonly Part[])[] = [],
): Promise<{ readonly password?: string } | undefined> {
  const needs = await shell.findOut(title, () => shell.browser.tasks.secret());
  if (needs === undefined) return undefined;
  if (needs === "password") return askPassword(shell, title, about);
  return (await shell.confirm(title, about)) ? {} : undefined;
}

/** Asks for the password of the account in use. @returns undefined where the person gives up */
export async function askPassword(
  shell: Shell,
  title: string,
  about: readonly (readonly Part[])[] = [],
): Promise<{ readonly password: string } | undefined> {
  const { ask } = shell.words;
  const check = (text: string): string | undefined => (text === "" ? ask.passwordNeeded : undefined);
  const password = await shell.ask({ title, about, label: ask.password, hidden: true, check });
  return password === undefined ? undefined : { password };
}

/** Asks for a new password twice. @returns undefined where the person gives up */
export async function askNewPassword(
  shell: Shell,
  title: string,
  about: readonly (readonly Part[])[] = [],
): Promise<string | undefined> {
  const { ask } = shell.words;
  const check = (text: string): string | undefined => (text === "" ? ask.emptyPassword : undefined);
  const password = await shell.ask({ title, about, label: ask.newPassword, hidden: true, check });
  if (password === undefined) return undefined;
  return shell.ask({
    title,
    about,
    label: ask.samePassword,
    hidden: true,
    check: (text) => (text === password ? undefined : ask.differ),
  });
}

/** Asks why, tells what falls, and asks again. @param target an image's reference, or a claim's id */
export async function askRevocation(
  shell: Shell,
  target: string,
  subject: string,
): Promise<{ readonly reason: string; readonly password?: string } | undefined> {
  const { words } = shell;
  const { ask } = words;
  const title = ask.revoke(subject);
  const check = (text: string): string | undefined => (text.trim() === "" ? ask.reasonNeeded : undefined);
  const reason = await shell.ask({ title, label: ask.reason, check });
  if (reason === undefined) return undefined;
  const falling = await shell.findOut(title, (signal) => shell.browser.tasks.falling(target, signal));
  if (falling === undefined) return undefined;
  if (falling.before) {
    shell.notice = { message: words.nothingToDo.revokedBefore, hint: undefined };
    return undefined;
  }
  const { claim, digests, names, organisation } = falling;
  const all = claim === undefined ? digests : [claim];
  const about: Part[][] = [
    [{ text: ` ${ask.falls(organisation)} ` }, { text: names.slice(0, 20).join(", "), bold: true }],
    ...all.slice(0, 4).map((text) => [{ text: `   ${text}` }]),
    ...(all.length > 4 ? [[{ text: `   ${words.more(all.length - 4)}` }]] : []),
    [{ text: ` ${ask.forGood}`, tone: "bad", bold: true }],
  ];
  if (!(await shell.confirm(title, about))) return undefined;
  const needs = await shell.findOut(title, () => shell.browser.tasks.secret());
  if (needs === undefined) return undefined;
  const secret = needs === "nothing" ? {} : await askPassword(shell, title);
  return secret === undefined ? undefined : { reason: reason.trim(), ...secret };
}
