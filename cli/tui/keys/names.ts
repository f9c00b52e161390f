import type { Key } from "ink";
import { graphemes } from "../text/graphemes.ts";

const named = [
  ["upArrow", "up"],
  ["downArrow", "down"],
  ["leftArrow", "left"],
  ["rightArrow", "right"],
  ["pageUp", "pageup"],
  ["pageDown", "pagedown"],
  ["home", "home"],
  ["end", "end"],
  ["return", "enter"],
  ["escape", "esc"],
  ["backspace", "backspace"],
  ["delete", "delete"],
] as const;

/** A key that was pressed: its name, and what it types, where it types something. */
export interface Press {
  readonly name: string;
  readonly text: string;
}

/**
 * What Ink read from the terminal, as keys: `j`, `up`, `C-d`, `S-tab`. What was typed faster than it was read comes in one piece and is
 * taken apart; so is text that a terminal pasted without saying so.
 */
export function toPresses(input: string, key: Key): Press[] {
  if (key.eventType === "release") return [];
  for (const [flag, name] of named) if (key[flag]) return [{ name, text: "" }];
  if (key.tab) return [{ name: key.shift ? "S-tab" : "tab", text: "" }];
  if (key.ctrl) return input === "" ? [] : [{ name: `C-${input === " " ? "space" : input}`, text: "" }];
  // With the meta key, what is typed would be taken for something else.
  if (key.meta && input.length <= 1) return [];
  return graphemes(input).map(toPress);
}

function toPress(segment: string): Press {
  const code = segment.charCodeAt(0);
  if (segment === "\r" || segment === "\n" || segment === "\r\n") return { name: "enter", text: "" };
  if (segment === "\t") return { name: "tab", text: "" };
  if (segment === "\u001b") return { name: "esc", text: "" };
  if (segment === "\u007f" || segment === "\b") return { name: "backspace", text: "" };
  if (code < 27) return { name: `C-${String.fromCharCode(code + 96)}`, text: "" };
  if (code < 32) return { name: "", text: "" };
  return { name: segment === " " ? "space" : segment, text: segment };
}
