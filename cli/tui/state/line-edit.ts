import { graphemes } from "../text/graphemes.ts";

/** What a person types on one line, with the cursor in it. Characters are what a person takes for one: a backspace takes all of an emoji. */
export class LineEdit {
  readonly #maxLength: number;
  #before: string[] = [];
  #after: string[] = [];

  /** @param maxLength characters that are taken */
  constructor(text = "", maxLength = 512) {
    this.#maxLength = maxLength;
    this.insert(text);
  }

  get text(): string {
    return this.before + this.after;
  }

  /** What stands before the cursor. */
  get before(): string {
    return this.#before.join("");
  }

  get after(): string {
    return this.#after.join("");
  }

  /** Puts text where the cursor is: typed, or pasted with its line ends, which become blanks. */
  insert(text: string): void {
    const line = text.replace(/[\r\n]+$/, "").replace(/[\r\n\t]+/g, " ");
    const clean = line.replace(/[\u0000-\u001f\u007f-\u009f]/g, "");
    const room = this.#maxLength - this.#before.length - this.#after.length;
    if (clean === "" || room <= 0) return;
    // A mark that is typed joins the character before the cursor.
    const joined = (this.#before.pop() ?? "") + clean.slice(0, room * 8);
    this.#before.push(...graphemes(joined).slice(0, room + 1));
  }

  /** @returns whether the key is one of this line's */
  key(name: string): boolean {
    const edit = edits[name];
    if (edit === undefined) return false;
    [this.#before, this.#after] = edit(this.#before, this.#after);
    return true;
  }

  clear(): void {
    this.#before = [];
    this.#after = [];
  }
}

type Edit = (before: readonly string[], after: readonly string[]) => [string[], string[]];

const left: Edit = (before, after) => [before.slice(0, -1), [...before.slice(-1), ...after]];
const right: Edit = (before, after) => [[...before, ...after.slice(0, 1)], after.slice(1)];
const home: Edit = (before, after) => [[], [...before, ...after]];
const end: Edit = (before, after) => [[...before, ...after], []];
const backspace: Edit = (before, after) => [before.slice(0, -1), [...after]];
const remove: Edit = (before, after) => [[...before], after.slice(1)];

const edits: Readonly<Record<string, Edit>> = {
  left,
  "C-b": left,
  right,
  "C-f": right,
  home,
  "C-a": home,
  end,
  "C-e": end,
  backspace,
  delete: remove,
  "C-d": remove,
  "C-u": (_before, after) => [[], [...after]],
  "C-k": (before) => [[...before], []],
  "C-w": (before, after) => {
    let at = before.length;
    while (at > 0 && before[at - 1] === " ") at--;
    while (at > 0 && before[at - 1] !== " ") at--;
    return [before.slice(0, at), [...after]];
  },
};
