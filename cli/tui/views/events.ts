import type { Part } from "../../browser/text/part.ts";
import type { Screen } from "../screen.ts";
import { historyLines } from "./entry.ts";

/** What others have recorded since the browser was opened. */
export function eventLines(screen: Screen): Part[][] {
  const { shell, words } = screen;
  const { events } = shell.browser.chain;
  if (events.length === 0) return [[{ text: ` ${words.empty.events}`, tone: "quiet" }]];
  const head: Part[] = [{ text: ` ${words.eventsSeen}`, tone: "accent", bold: true }];
  return [head, ...events.flatMap((entry) => historyLines(entry, screen))];
}
