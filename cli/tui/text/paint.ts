import type { Part } from "../../browser/text/part.ts";

/** Of the sixteen colours, those that can be read on light and on dark; the rest of the looks are no colours. */
const colors = { good: 32, bad: 31, care: 35, accent: 36 } as const;

/** Gives plain text its look, as the terminal's own sequences. */
export class Paint {
  readonly #isColored: boolean;

  constructor(isColored: boolean) {
    this.#isColored = isColored;
  }

  /** @param part its text plain already */
  part({ text, tone, bold }: Part): string {
    if (text === "") return "";
    let painted = text;
    if (tone === "quiet") painted = `\u001b[2m${painted}\u001b[22m`;
    else if (tone !== undefined && this.#isColored) painted = `\u001b[${colors[tone]}m${painted}\u001b[39m`;
    return bold === true ? `\u001b[1m${painted}\u001b[22m` : painted;
  }

  /** The row that the cursor is on. */
  cursor(text: string): string {
    return `\u001b[7m${text}\u001b[27m`;
  }
}
