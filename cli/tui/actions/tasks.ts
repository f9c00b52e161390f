import { isRunning } from "../../browser/state/task.ts";
import type { Shell } from "../shell.ts";

/** Gives up a task that is under way; takes one away that has ended. */
function dismiss(shell: Shell, index: number): void {
  const task = shell.browser.tasks.all[index];
  if (task === undefined) return;
  if (isRunning(task)) task.cancel();
  else shell.browser.tasks.dismiss(task);
}

function select(shell: Shell, step: number): void {
  const { view } = shell;
  if (view?.kind !== "tasks") return;
  const last = shell.browser.tasks.all.length - 1;
  view.index = Math.max(0, Math.min(last, view.index + step));
  view.followsIndex = true;
}

export const taskActions = {
  dismiss: (shell: Shell) => {
    if (shell.view?.kind === "tasks") dismiss(shell, shell.view.index);
  },
  nextTask: (shell: Shell) => select(shell, 1),
  previousTask: (shell: Shell) => select(shell, -1),
};

/** From a page, what has ended goes first: the newest of it. */
export function dismissEnded(shell: Shell): void {
  const ended = shell.browser.tasks.all.findIndex((task) => !isRunning(task));
  if (ended !== -1) dismiss(shell, ended);
}
