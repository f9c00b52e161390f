import type { ReactNode } from "react";
import type { Task } from "../../browser/browser.ts";
import { isRunning } from "../../browser/state/task.ts";
import { amount } from "../../browser/text/format.ts";
import type { Part } from "../../browser/text/part.ts";
import { type Screen, useScreen } from "../screen.ts";
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
export function taskParts(task: Task, { words }: Screen): Part[] {
  const { kind, subject, stage, progress, lines, error, differences, verdict } = task;
  const parts: Part[] = [symbol(task), { text: `${words.tasks[kind]} ` }, { text: subject, bold: true }];
  const say = (text: string): void => {
    parts.push({ text: `  ${text}` });
  };
  if (error !== undefined) {
    say(`${words.stages.failed}: ${error.message}${error.hint === undefined ? "" : ` ${error.hint}`}`);
    return parts;
  }
  if (stage === "done" && differences !== undefined) say(words.differences(differences.length));
  else if (stage === "done" && verdict !== undefined) say(words.status[verdict.status]);
  else say(words.stages[stage]);
  if ((stage === "reading" || stage === "pulling") && progress !== undefined) say(amount(progress, words));
  const latest = lines.at(-1);
  if (latest !== undefined) say(latest);
  return parts;
}

function symbol(task: Task): Part {
  if (task.stage === "failed") return { text: " ✗ ", tone: "bad", bold: true };
  if (task.stage === "cancelled") return { text: " - ", tone: "quiet" };
  if (isRunning(task)) return { text: " ~ ", tone: "accent", bold: true };
  const isBad = (task.differences?.length ?? 0) > 0;
  return isBad ? { text: " ✗ ", tone: "bad", bold: true } : { text: " ✓ ", tone: "good", bold: true };
}
