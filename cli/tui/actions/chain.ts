import type { Shell } from "../shell.ts";
import { askNewPassword, askPassword } from "./secret.ts";

/** Starts a chain of one's own where there is none. */
export function startChain(shell: Shell): void {
  const { words, browser } = shell;
  const { ask, nothingToDo } = words;
  if (shell.running.some(({ kind }) => kind === "start")) {
    shell.notice = { message: nothingToDo.chainStarts };
  } else if (!browser.chain.canStart) shell.notice = { message: nothingToDo.chainRuns };
  else
    shell.begin(async () => {
      const title = ask.startChain;
      const needs = await shell.findOut(title, () => browser.tasks.startNeeds());
      if (needs === undefined) return;
      const about = [[{ text: ` ${ask.startAbout}` }]];
      if (needs === "nothing") {
        if (await shell.confirm(title, about)) browser.tasks.start();
        return;
      }
      const answer =
        needs === "new"
          ? await askNewPassword(shell, title, [...about, [{ text: ` ${ask.startAccount}` }]])
          : (await askPassword(shell, title, about))?.password;
      if (answer !== undefined) browser.tasks.start(answer);
    });
}
