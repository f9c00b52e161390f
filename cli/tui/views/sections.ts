import type { Part, Tone } from "../../browser/text/part.ts";
import { columnsOf, wrap } from "../text/columns.ts";

/** A text made of named facts: the name on the left, what there is to it on the right, on as many lines as it needs. */
export class Sections {
  readonly lines: Part[][] = [];
  readonly #columns: number;
  readonly #label: number;

  constructor(columns: number) {
    this.#columns = columns;
    this.#label = columns >= 70 ? 14 : 11;
  }

  heading(text: string): void {
    if (this.lines.length > 0) this.lines.push([]);
    this.lines.push([{ text: ` ${text}`, tone: "accent", bold: true }]);
  }

  fact(
    label: string,
    text: string,
    look: { readonly tone?: Tone | undefined; readonly bold?: boolean } = {},
  ): void {
    const blank = " ".repeat(this.#label + 3);
    wrap(text, this.#columns - this.#label - 4).forEach((line, index) => {
      const name = ` ${label}${" ".repeat(Math.max(1, this.#label + 2 - columnsOf(label)))}`;
      this.lines.push([
        { text: index === 0 ? name : blank, tone: "quiet" },
        { text: line, ...look },
      ]);
    });
  }

  /** A text that is too long to stand beside a name, such as a digest. */
  text(text: string): void {
    for (const line of wrap(text, this.#columns - 4)) this.lines.push([{ text: `   ${line}` }]);
  }

  line(...parts: Part[]): void {
    this.lines.push(parts);
  }
}
