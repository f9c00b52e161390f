import { eastAsianWidth } from "get-east-asian-width";
import { sanitizeLine } from "../../output/sanitize.ts";

/** Characters of a text from outside that are looked at: what is longer is cut by whoever shows it. */
const maxCharacters = 8192;
/** Marks that one character may carry. */
const maxMarks = 4;

/**
 * Text from outside as a terminal may show it on one line: without control characters (sanitize.ts), and without what terminals give
 * different widths to, so that columns stay aligned: variation selectors, emoji modifiers and keycaps go, flags become letters, invisible
 * characters and loose parts of Hangul syllables become U+FFFD.
 */
export function plain(text: string): string {
  const short = text.length > maxCharacters ? text.slice(0, maxCharacters) : text;
  if (/^[ -~]*$/.test(short)) return short;
  let result = "";
  let marks = maxMarks;
  for (const character of sanitizeLine(short).normalize("NFC")) {
    if (/\p{Mn}/u.test(character)) {
      if (marks++ < maxMarks && !/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/u.test(character)) result += character;
      continue;
    }
    if (/\p{Me}|\p{Emoji_Modifier}/u.test(character)) continue;
    marks = 0;
    result += isOfNoWidth.test(character) ? "\ufffd" : (flagLetter(character) ?? character);
  }
  return result;
}

/** Invisible though not a format character, or part of a Hangul syllable that has not become one. */
const isOfNoWidth = /[\p{Default_Ignorable_Code_Point}\u1100-\u11ff\ua960-\ua97c\ud7b0-\ud7fb]/u;

function flagLetter(character: string): string | undefined {
  const at = (character.codePointAt(0) ?? 0) - 0x1f1e6;
  return at >= 0 && at < 26 ? String.fromCharCode(65 + at) : undefined;
}

/** Columns that a plain text takes. */
export function columnsOf(text: string): number {
  if (/^[ -~]*$/.test(text)) return text.length;
  let columns = 0;
  for (const character of text) columns += widthOf(character);
  return columns;
}

function widthOf(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return /\p{Mn}/u.test(character) ? 0 : eastAsianWidth(code);
}

/** As much of a plain text's beginning as fits. */
function head(text: string, width: number): string {
  let [kept, columns] = ["", 0];
  for (const character of text) {
    columns += widthOf(character);
    if (columns > width) break;
    kept += character;
  }
  return kept;
}

/** As much of a plain text's end as fits. */
function tail(text: string, width: number): string {
  const characters = [...text];
  let [from, columns] = [characters.length, 0];
  while (from > 0) {
    columns += widthOf(characters[from - 1] ?? "");
    if (columns > width) break;
    from--;
  }
  // A mark does not go without its character.
  while (from < characters.length && widthOf(characters[from] ?? "") === 0) from++;
  return characters.slice(from).join("");
}

/** A text made plain and cut to a width: at its end, or in the middle so that both ends (a registry and a tag) stay. */
export function cut(text: string, width: number, where: "end" | "middle" = "end"): string {
  const whole = plain(text);
  if (columnsOf(whole) <= width) return whole;
  if (width <= 1) return width === 1 ? "…" : "";
  if (where === "end") return `${head(whole, width - 1)}…`;
  const back = Math.ceil(((width - 1) * 2) / 3);
  return `${head(whole, width - 1 - back)}…${tail(whole, back)}`;
}

/** A text made plain, cut and filled up to exactly a width. */
export function cell(
  text: string,
  width: number,
  options: { readonly align?: "left" | "right"; readonly where?: "end" | "middle" } = {},
): string {
  const fitting = cut(text, width, options.where);
  const blank = " ".repeat(Math.max(0, width - columnsOf(fitting)));
  return options.align === "right" ? blank + fitting : fitting + blank;
}

/** A text made plain and broken into lines: between words where it can be, and within them where it must. */
export function wrap(text: string, width: number, maxLines = 200): string[] {
  const lines: string[] = [];
  let rest = plain(text);
  while (columnsOf(rest) > width && lines.length < maxLines) {
    const fitting = head(rest, Math.max(2, width));
    const space = rest[fitting.length] === " " ? fitting.length : fitting.lastIndexOf(" ");
    const end = space > fitting.length / 3 ? space : fitting.length;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).replace(/^ /, "");
  }
  if (lines.length < maxLines) lines.push(rest);
  return lines;
}
