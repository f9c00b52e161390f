import type { Shell } from "../shell.ts";
import type { Part } from "../text/paint.ts";

/**
 * Asks before something is signed: for the account's password, or where it has none, for a yes.
 * @returns undefined where the person gives up
 */
export async function askSecret(
  shell: Shell,
  title: string,
  about: readonly (readonly Part[])[] = [],
): Promise<{ readonly password?: string } | undefined> {
  const { words } = shell;
  const before = shell.question;
  shell.notice = { message: words.oneMoment, hint: undefined };
  const needs = await shell.browser.acts.secret();
  // Whoever has begun something else meanwhile does not want to be asked this any more.
  if (shell.question !== before) return undefined;
  shell.notice = undefined;
  if (needs === "nothing") return (await shell.confirm(title, about)) ? {} : undefined;
  const password = await shell.ask({
    title,
    about,
    label: words.ask.password,
    hidden: true,
    check: (text) => (text === "" ? words.ask.emptyPassword : undefined),
  });
  return password === undefined ? undefined : { password };
}

/** Asks why, tells what falls, and asks again. */
export async function askRevocation(
  shell: Shell,
  subject: string,
  falls: readonly string[],
): Promise<{ readonly reason: string; readonly password?: string } | undefined> {
  const { ask, more } = shell.words;
  const title = ask.revoke(subject);
  const reason = await shell.ask({
    title,
    label: ask.reason,
    check: (text) => (text.trim() === "" ? ask.reasonNeeded : undefined),
  });
  if (reason === undefined) return undefined;
  const organisation = shell.browser.organisation.organisation?.name ?? "";
  const named = falls.slice(0, 4).map((text) => [{ text: `  ${text}` }]);
  const about: Part[][] = [
    [{ text: ask.falls(organisation) }],
    ...named,
    ...(falls.length > 4 ? [[{ text: `  ${more(falls.length - 4)}` }]] : []),
    [{ text: ask.forGood, tone: "bad", bold: true }],
  ];
  if (!(await shell.confirm(title, about))) return undefined;
  const secret = await askUnlessNothing(shell, title);
  return secret === undefined ? undefined : { reason: reason.trim(), ...secret };
}

/** Whoever has said yes already is asked for a password alone. */
async function askUnlessNothing(
  shell: Shell,
  title: string,
): Promise<{ readonly password?: string } | undefined> {
  if ((await shell.browser.acts.secret()) === "nothing") return {};
  const password = await shell.ask({ title, label: shell.words.ask.password, hidden: true });
  return password === undefined ? undefined : { password };
}
