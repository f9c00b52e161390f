import type { Part } from "../../browser/text/paint.ts";
import type { Screen } from "../screen.ts";
import { historyLines } from "./entry.ts";

/** What others have recorded since the browser was opened. */
export function newsLines(screen: Screen): Part[][] {
  const { shell, words } = screen;
  const { news } = shell.browser.chain;
  if (news.length === 0) return [[{ text: ` ${words.empty.news}`, tone: "quiet" }]];
  const head: Part[] = [{ text: ` ${words.newsSeen}`, tone: "accent", bold: true }];
  return [head, ...news.flatMap((entry) => historyLines(entry, screen))];
}
