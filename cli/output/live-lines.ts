/** As much of a terminal as is needed to keep a few lines at its end up to date. */
export interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
}

/**
 * Lines at the end of a terminal's output that are redrawn in place. Each frame is one write that overwrites before it erases,
 * so that nothing flickers; it is never higher than the terminal, since what has scrolled away cannot be drawn over.
 */
export class LiveLines {
  readonly #terminal: Terminal;
  /** columns that each line of the last frame takes */
  #drawn: readonly number[] = [];

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  /** Lines that a frame may have. A terminal that was given no size says 0. */
  get height(): number {
    return Math.max(1, (this.#terminal.rows || 24) - 1);
  }

  /** Columns that a line may take: in the last one, terminals differ. */
  get width(): number {
    return Math.max(1, (this.#terminal.columns || 80) - 1);
  }

  /** Puts other lines in the place of those that stand there. @param lines free of control characters; cut to what fits */
  draw(lines: readonly string[]): void {
    const fitting = lines.slice(0, this.height).map((line) => cut(line, this.width));
    if (fitting.length === 0) {
      this.clear();
      return;
    }
    const frame = fitting.map((line) => `${line}\u001b[K`).join("\r\n");
    this.#terminal.write(`${this.#home()}${frame}\u001b[J`);
    this.#drawn = fitting.map(columnsOf);
  }

  /** Prints a line that stays, above those that are redrawn. */
  print(line: string): void {
    this.clear();
    this.#terminal.write(`${line}\n`);
  }

  clear(): void {
    if (this.#drawn.length > 0) this.#terminal.write(`${this.#home()}\u001b[J`);
    this.#drawn = [];
  }

  /** Moves to where the last frame begins. A terminal that has become narrower has broken its lines into several. */
  #home(): string {
    const columns = this.width + 1;
    const rows = this.#drawn.reduce((sum, length) => sum + Math.max(1, Math.ceil(length / columns)), 0);
    const up = Math.min(rows - 1, this.height);
    return up > 0 ? `\r\u001b[${up}A` : "\r";
  }
}

/** The lines at the end of stderr. There is one terminal, so there is one of these. */
export const liveLines = new LiveLines(process.stderr);

function cut(line: string, width: number): string {
  if (columnsOf(line) <= width) return line;
  let [kept, columns] = ["", 1];
  for (const character of line) {
    columns += columnsOf(character);
    if (columns > width) break;
    kept += character;
  }
  return `${kept}…`;
}

/** Columns that a text takes, at most: what may be wide or an emoji counts as two. */
function columnsOf(text: string): number {
  let columns = 0;
  for (const character of text)
    columns += (character.codePointAt(0) ?? 0) < 0x1100 || character === "…" ? 1 : 2;
  return columns;
}
