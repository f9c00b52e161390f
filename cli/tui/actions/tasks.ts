import { isRunning } from "../../browser/state/task.ts";
import type { Shell } from "../shell.ts";

/** Gives up an act that is under way; takes one away that has ended. */
function dismiss(shell: Shell, index: number): void {
  const act = shell.browser.acts.all[index];
  if (act === undefined) return;
  if (isRunning(act)) act.cancel();
  else shell.browser.acts.dismiss(act);
}

function select(shell: Shell, step: number): void {
  const { view } = shell;
  if (view?.kind !== "acts") return;
  const last = shell.browser.acts.all.length - 1;
  view.index = Math.max(0, Math.min(last, view.index + step));
  view.followsIndex = true;
}

export const actsActions = {
  dismiss: (shell: Shell) => {
    if (shell.view?.kind === "acts") dismiss(shell, shell.view.index);
  },
  nextAct: (shell: Shell) => select(shell, 1),
  previousAct: (shell: Shell) => select(shell, -1),
};

/** From a page, what has ended goes first: the newest of it. */
export function dismissEnded(shell: Shell): void {
  const ended = shell.browser.acts.all.findIndex((act) => !isRunning(act));
  if (ended !== -1) dismiss(shell, ended);
}
