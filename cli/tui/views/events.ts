import type { Part } from "../../browser/text/part.ts";
import type { Screen } from "../screen.ts";
import { unknownTexts } from "./empty.ts";
import { historyLines } from "./entry.ts";

/** What others have recorded since the browser was opened. */
export function eventLines(screen: Screen): Part[][] {
  const { shell, words } = screen;
  const { events } = shell.browser.chain;
  if (events.length === 0) {
    const texts = unknownTexts(shell) ?? [words.empty.events];
    return texts.map((text = "") => [{ text: ` ${text}`, tone: "quiet" }]);
  }
  const head: Part[] = [{ text: ` ${words.eventsSeen}`, tone: "accent", bold: true }];
  return [head, ...events.flatMap((entry) => historyLines(entry, screen))];
}
