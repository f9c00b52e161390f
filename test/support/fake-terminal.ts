import { EventEmitter } from "node:events";
import { PassThrough } from "node:stream";
import { Terminal as Emulator } from "@xterm/headless";
import { actions } from "../../cli/tui/keys/actions.ts";
import { type Mounted, mount } from "../../cli/tui/mount.tsx";
import { Shell } from "../../cli/tui/shell.ts";
import { Terminal } from "../../cli/tui/terminal.ts";
import { Paint } from "../../cli/tui/text/paint.ts";
import { wordsIn } from "../../cli/words/browser/browser-words.ts";
import type { Language } from "../../cli/words/language.ts";
import type { FakeBrowser } from "./fake-browser.ts";

/** What a person would see: a terminal's screen after everything that was written to it. */
export class FakeTerminal extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  readonly #emulator: Emulator;
  /** everything that was written, write by write */
  readonly writes: string[] = [];

  constructor(columns: number, rows: number) {
    super();
    this.#emulator = new Emulator({ cols: columns, rows, convertEol: true, allowProposedApi: true });
  }

  get columns(): number {
    return this.#emulator.cols;
  }

  get rows(): number {
    return this.#emulator.rows;
  }

  write(text: string, done?: () => void): boolean {
    this.writes.push(text);
    this.#emulator.write(text, done);
    return true;
  }

  resize(columns: number, rows: number): void {
    this.#emulator.resize(columns, rows);
    this.emit("resize");
  }

  /** When everything that was written has been taken in. */
  settled(): Promise<void> {
    return new Promise((resolve) => this.#emulator.write("", resolve));
  }

  /** Lines of the screen without blanks at their ends. */
  get lines(): string[] {
    const { active } = this.#emulator.buffer;
    return Array.from({ length: this.rows }, (_, row) =>
      (active.getLine(active.baseY + row)?.translateToString(true, 0, this.columns) ?? "").trimEnd(),
    );
  }

  get text(): string {
    return this.lines.join("\n");
  }

  get isOnOtherScreen(): boolean {
    return this.#emulator.buffer.active.type === "alternate";
  }

  get cursor(): { x: number; y: number } {
    const { cursorX, cursorY } = this.#emulator.buffer.active;
    return { x: cursorX, y: cursorY };
  }
}

/** What a terminal's keys come from. */
export class FakeKeyboard extends PassThrough {
  readonly isTTY = true;
  isRaw = false;

  setRawMode(isRaw: boolean): this {
    this.isRaw = isRaw;
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export const enter = "\r";
export const esc = "\u001b";
export const controlC = "\u0003";

/** The image browser on streams of ours. */
export class ShownBrowser implements AsyncDisposable {
  readonly terminal: FakeTerminal;
  readonly keyboard = new FakeKeyboard();
  readonly shell: Shell;
  readonly mounted: Mounted;
  readonly #tui: Terminal;
  /** whether it has been left, and with what */
  left: { error: unknown } | undefined;

  private constructor(shell: Shell, columns: number, rows: number, isColored: boolean) {
    this.shell = shell;
    this.terminal = new FakeTerminal(columns, rows);
    this.#tui = new Terminal(this.terminal);
    this.mounted = mount({
      shell,
      paint: new Paint(isColored),
      terminal: this.#tui,
      stdin: this.keyboard as unknown as NodeJS.ReadStream,
    });
    shell.outside = {
      redraw: this.mounted.redraw,
      exit: this.mounted.end,
      run: (reference) => this.mounted.suspend(async () => void this.ran.push(reference)),
    };
    this.mounted.ended.then(
      () => {
        this.left = { error: undefined };
      },
      (error: unknown) => {
        this.left = { error };
      },
    );
  }

  readonly ran: string[] = [];

  static async open(
    browser: FakeBrowser | undefined,
    options: {
      readonly columns?: number;
      readonly rows?: number;
      readonly language?: Language;
      readonly isColored?: boolean;
    } = {},
  ): Promise<ShownBrowser> {
    const { columns = 80, rows = 24, language = "en", isColored = false } = options;
    const shown = new ShownBrowser(new Shell(await wordsIn(language), actions), columns, rows, isColored);
    if (browser !== undefined) shown.shell.attach(browser);
    await shown.settle();
    return shown;
  }

  get text(): string {
    return this.terminal.text;
  }

  /** The line of the screen that has the cursor's mark. */
  get cursorLine(): string {
    return this.terminal.lines.find((line) => line.startsWith(">")) ?? "";
  }

  /** Types, and waits until the screen shows what comes of it. */
  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      this.keyboard.write(key);
      // A lone escape is waited for: it may begin a sequence.
      await pause(key === esc ? 45 : 5);
    }
    await this.settle();
  }

  async paste(text: string): Promise<void> {
    await this.press(`\u001b[200~${text}\u001b[201~`);
  }

  async resize(columns: number, rows: number): Promise<void> {
    this.terminal.resize(columns, rows);
    await pause(60);
    await this.settle();
  }

  /** When everything that changed has been drawn. */
  async settle(): Promise<void> {
    await pause(90);
    if (this.left === undefined) await this.mounted.flush();
    await this.terminal.settled();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.shell.detach();
    this.mounted.end();
    await this.mounted.ended.catch(() => {});
    this.#tui.close();
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
