import type { Part } from "../../browser/text/part.ts";
import { bindingsAt, type Place } from "../keys/bindings.ts";
import { keyName } from "../keys/show.ts";
import type { Screen } from "../screen.ts";
import { columnsOf, wrap } from "../text/columns.ts";

/** Every key of some places, as the table of bindings has them. */
export function helpLines(places: readonly Place[], { words, columns }: Screen): Part[][] {
  const lines: Part[][] = [];
  for (const { place, bindings } of bindingsAt(places)) {
    if (lines.length > 0) lines.push([]);
    lines.push([{ text: ` ${words.places[place]}`, tone: "accent", bold: true }]);
    for (const { keys, action } of bindings) {
      const names = keys.map((key) => keyName(key, words)).join(" ");
      const width = Math.max(18, columnsOf(names));
      wrap(words.keys[action][1], columns - width - 5).forEach((text, index) => {
        const label = index === 0 ? names : "";
        lines.push([{ text: `  ${label}${" ".repeat(width - columnsOf(label) + 2)}`, bold: true }, { text }]);
      });
    }
  }
  return lines;
}
