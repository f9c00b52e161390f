import type { Task } from "../../browser/browser.ts";
import { isRunning } from "../../browser/state/task.ts";
import { amount, clock } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { statusPart } from "../../browser/text/status.ts";
import { lineText, taskParts, whyFailed } from "../components/task-lines.tsx";
import type { Screen } from "../screen.ts";
import type { TasksPanel } from "../state/view.ts";
import { Sections } from "./sections.ts";

/** Differences of one task that are shown. */
const maxDifferences = 1000;

/** All tasks with everything that is known of them, the one that is chosen marked. */
export function tasksLines(view: TasksPanel, screen: Screen, height: number): Part[][] {
  const { words, columns, shell } = screen;
  const { all } = shell.browser.tasks;
  view.index = Math.max(0, Math.min(view.index, all.length - 1));
  const sections = new Sections(columns);
  if (all.length === 0) sections.line({ text: ` ${words.empty.tasks}`, tone: "quiet" });
  all.forEach((task, index) => {
    const from = sections.lines.length;
    const [symbol, kind, subject] = taskParts(task, screen);
    const began = { text: `  ${clock(task.began, screen.now)}`, tone: "quiet" } as const;
    sections.line(
      { text: index === view.index ? ">" : " ", bold: true },
      ...[symbol, kind, subject].filter((part) => part !== undefined),
      began,
    );
    detail(sections, task, screen);
    if (index !== view.index || !view.followsIndex) return;
    view.followsIndex = false;
    view.scroll.fit(Number.MAX_SAFE_INTEGER, height);
    view.scroll.show(from, sections.lines.length);
  });
  return sections.lines;
}

function detail(sections: Sections, task: Task, { words, shell }: Screen): void {
  const { stage, progress, lines, verdict, differences, error } = task;
  const far = isRunning(task) && progress !== undefined ? `  ${amount(progress, words)}` : "";
  sections.fact("", `${words.stages[stage]}${far}`);
  for (const line of lines.slice(-50)) sections.fact("", lineText(line, shell));
  if (error !== undefined) {
    const { message, hint } = whyFailed(task, shell);
    sections.fact("✗", message, { bold: true });
    if (hint !== undefined) sections.fact("", hint);
  }
  if (verdict !== undefined) {
    const status = statusPart(verdict.status, words);
    sections.fact("", status.text, { tone: status.tone, bold: true });
    for (const reason of verdict.reasons) sections.fact("", shell.say(reason));
  }
  if (differences === undefined) return;
  sections.fact("", words.differences(differences.length), { bold: true });
  for (const { path, kind, expected, actual } of differences.slice(0, maxDifferences)) {
    const mark = { added: "+", removed: "-" }[kind as string] ?? "~";
    const change = expected === null && actual === null ? "" : `  ${expected ?? ""} -> ${actual ?? ""}`;
    sections.fact("", `${mark} ${path}  ${kind}${change}`);
  }
  if (differences.length > maxDifferences) sections.fact("", words.more(differences.length - maxDifferences));
}
