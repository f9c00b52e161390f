import { EventEmitter } from "node:events";

/** A stream that goes to a terminal. */
export interface Sink extends EventEmitter {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string, done?: () => void): boolean;
}

/** Least time between two sizes of the screen, in milliseconds: a window that is dragged has hundreds. */
const interval = 34;
const homeAndErase = "\u001b[H\u001b[J";

/**
 * The terminal as Ink has it. It takes a new size not more often than frames are drawn, and clears the screen with the first frame of
 * that size, in the same write: where the cursor is after a resize, terminals differ. Ink is not told of it: what is drawn knows its size.
 */
export class Terminal extends EventEmitter {
  readonly isTTY = true;
  readonly writable = true;
  columns: number;
  rows: number;
  /** called when everything is to be drawn again */
  onClear: () => void = () => {};
  readonly #sink: Sink;
  #timer: NodeJS.Timeout | undefined;
  #isToBeCleared = true;
  #isMuted = false;

  constructor(sink: Sink) {
    super();
    this.setMaxListeners(0);
    this.#sink = sink;
    this.columns = sink.columns || 80;
    this.rows = sink.rows || 24;
    sink.on("resize", this.#onResize);
  }

  write = (text: string, done?: () => void): boolean => {
    if (this.#isMuted) return true;
    // Only a frame has several lines.
    if (!this.#isToBeCleared || !text.includes("\n")) return this.#sink.write(text, done);
    this.#isToBeCleared = false;
    return this.#sink.write(homeAndErase + text, done);
  };

  /** The next frame begins on an empty screen. */
  clearFirst(): void {
    this.#isToBeCleared = true;
  }

  /** Has everything drawn again, on an empty screen. */
  clear(): void {
    this.clearFirst();
    this.onClear();
  }

  /** Does something of which the terminal is to see nothing. */
  mute(task: () => void): void {
    this.#isMuted = true;
    try {
      task();
    } finally {
      this.#isMuted = false;
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#sink.off("resize", this.#onResize);
  }

  readonly #onResize = (): void => {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const { columns, rows } = this.#sink;
      if (columns === this.columns && rows === this.rows) return;
      this.columns = columns || 80;
      this.rows = rows || 24;
      this.clear();
    }, interval);
  };
}
