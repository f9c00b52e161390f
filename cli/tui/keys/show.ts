import type { Words } from "../../words/browser/browser-words.ts";

/** A key as it is written on keyboards and in help. */
export function keyName(key: string, words: Words): string {
  const control = /^C-(.+)$/.exec(key)?.[1];
  if (control !== undefined) return `Ctrl-${control}`;
  const shifted = /^S-(.+)$/.exec(key)?.[1];
  if (shifted !== undefined) return `Shift-${keyName(shifted, words)}`;
  return (words.keyNames as Readonly<Record<string, string>>)[key] ?? key;
}
