import type { ReactNode } from "react";
import type { Line, Task } from "../../browser/browser.ts";
import { isRunning } from "../../browser/state/task.ts";
import { amount } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { type Screen, useScreen } from "../screen.ts";
import type { Problem, Shell } from "../shell.ts";
import { Lines } from "./line.tsx";

/** What is under way, and what has just ended, a line each: as many as there is room for. */
export function TaskLines({ height }: { readonly height: number }): ReactNode {
  const screen = useScreen();
  const all = screen.shell.browser.tasks.all;
  // What runs comes before what has ended, and each newest first.
  const sorted = [...all.filter(isRunning), ...all.filter((task) => !isRunning(task))];
  const shown = sorted.slice(0, height).map((task) => taskParts(task, screen));
  const hidden = sorted.length - shown.length;
  const last = shown.at(-1);
  if (hidden > 0) last?.unshift({ text: ` (${screen.words.more(hidden)}: A)`, tone: "quiet" });
  return <Lines lines={shown} height={height} />;
}

/** One task in a line: what it is about, where it is, how far, and what it came to. */
export function taskParts(task: Task, { words, shell }: Screen): Part[] {
  const { kind, subject, stage, progress, lines, error, differences, verdict } = task;
  const parts: Part[] = [symbol(task), { text: `${words.tasks[kind]} ` }, { text: subject, bold: true }];
  const say = (text: string): void => {
    parts.push({ text: `  ${text}` });
  };
  if (error !== undefined) {
    const { message, hint = "" } = whyFailed(task, shell);
    say(`${words.stages.failed}: ${message} ${hint}`.trimEnd());
    return parts;
  }
  if (stage === "done" && differences !== undefined) say(words.differences(differences.length));
  else if (stage === "done" && verdict !== undefined) say(words.status[verdict.status]);
  else say(words.stages[stage]);
  if ((stage === "reading" || stage === "pulling") && progress !== undefined) say(amount(progress, words));
  const latest = lines.at(-1);
  if (latest !== undefined) say(lineText(latest, shell));
  return parts;
}

/** Why a task came to nothing: an error, or a verdict that does not let it go on. */
export function whyFailed({ error, verdict }: Task, shell: Shell): Problem {
  const [reason] = verdict?.reasons ?? [];
  if (reason !== undefined) return { message: shell.say(reason) };
  return error === undefined ? { message: "" } : shell.tell(error);
}

/** A line that a task has said, in the reader's language. */
export function lineText(line: Line, { words, say }: Shell): string {
  return typeof line === "object" && "note" in line ? words.notes[line.note](line.about) : say(line);
}

function symbol(task: Task): Part {
  if (task.stage === "failed") return { text: " ✗ ", tone: "bad", bold: true };
  if (task.stage === "cancelled") return { text: " - ", tone: "quiet" };
  if (isRunning(task)) return { text: " ~ ", tone: "accent", bold: true };
  const isBad = (task.differences?.length ?? 0) > 0;
  return isBad ? { text: " ✗ ", tone: "bad", bold: true } : { text: " ✓ ", tone: "good", bold: true };
}
