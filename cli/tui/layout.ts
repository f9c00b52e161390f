import { questionHeight } from "./components/question.tsx";
import type { Shell } from "./shell.ts";

/** The least that everything has its place on. */
export const least = { columns: 60, rows: 20 } as const;

/** Lines for each part of the screen, from the top. They fill it. */
export interface Layout {
  readonly title: number;
  readonly body: number;
  readonly summary: number;
  readonly tasks: number;
  readonly question: number;
  readonly events: number;
}

/** Shares out a screen's rows, less those of tabs, state and keys. */
export function layOut(shell: Shell, rows: number): Layout {
  const fixed = 3;
  const isView = shell.view !== undefined;
  const title = isView || shell.page === "account" ? 0 : 1;
  const summary = 1;
  const isTold = shell.unseen.length > 0 ? shell.view?.kind !== "events" : shell.lacksChain;
  const events = isTold ? 1 : 0;
  const most = rows >= 24 ? 3 : 2;
  const tasks = shell.view?.kind === "tasks" ? 0 : Math.min(most, shell.browser.tasks.all.length);
  const question = questionHeight(shell.question, Math.floor((rows - fixed) / 2));
  const body = Math.max(2, rows - fixed - title - summary - events - tasks - question);
  return { title, body, summary, tasks, question, events };
}
