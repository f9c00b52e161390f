/**
 * What a person sees on a terminal after these bytes: text, line ends, carriage returns, moves up, and erasing to the end of a line
 * or of the screen. Anything else that would move the cursor is an error: nothing else is expected of us.
 */
export class Screen {
  readonly #columns: number;
  #rows: number;
  #lines: string[][] = [[]];
  #row = 0;
  #column = 0;

  constructor(columns = 80, rows = 24) {
    this.#columns = columns;
    this.#rows = rows;
  }

  write(text: string): true {
    for (const [token] of text.matchAll(/\u001b\[[0-9;?]*[A-Za-z]|./gsu)) this.#take(token);
    return true;
  }

  /** Makes it lower or higher; what is above its top has scrolled away. */
  resize(rows: number): void {
    this.#rows = rows;
  }

  /** Lines in view, without blanks at their ends or empty lines at the end. */
  get lines(): string[] {
    const lines = this.#lines.slice(-this.#rows).map((line) => line.join("").trimEnd());
    while (lines.at(-1) === "") lines.pop();
    return lines;
  }

  #take(token: string): void {
    const line = this.#line();
    if (token === "\r") this.#column = 0;
    else if (token === "\n") this.#row++;
    else if (token === "\u001b[K") line.length = Math.min(line.length, this.#column);
    else if (token === "\u001b[J") {
      line.length = Math.min(line.length, this.#column);
      for (const below of this.#lines.slice(this.#row + 1)) below.length = 0;
    } else if (/^\u001b\[\d+A$/.test(token)) {
      const top = Math.max(0, this.#lines.length - this.#rows);
      this.#row = Math.max(top, this.#row - Number(token.slice(2, -1)));
    } else if (/^\u001b\[[0-9;]*m$/.test(token)) return;
    else if (/[\p{Cc}\p{Cf}]/u.test(token)) throw new Error(`unexpected: ${JSON.stringify(token)}`);
    else {
      if (this.#column >= this.#columns) {
        this.#row++;
        this.#column = 0;
      }
      const at = this.#line();
      while (at.length < this.#column) at.push(" ");
      at[this.#column++] = token;
    }
    this.#line();
  }

  #line(): string[] {
    while (this.#lines.length <= this.#row) this.#lines.push([]);
    return this.#lines[this.#row] ?? [];
  }
}
