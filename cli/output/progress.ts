/** How long something may take, in milliseconds, before its progress is shown; and how often the line is redrawn. */
const patience = 1000;
const interval = 125;

/**
 * One line on stderr that tells how far things are, for a terminal only and only for what takes over a second.
 * Several images at a time share it.
 */
export class ProgressLine {
  readonly #enabled: boolean;
  readonly #tasks = new Map<
    string,
    { bytes: number; total: number | undefined; since: number; words: string | undefined }
  >();
  #timer: NodeJS.Timeout | undefined;
  #drawn = false;

  constructor(quiet: boolean) {
    this.#enabled = !quiet && process.stderr.isTTY === true;
  }

  /** Bytes of one task, as they come. */
  bytes(task: string, bytes: number, total: number | undefined): void {
    const before = this.#tasks.get(task);
    this.#tasks.set(task, { bytes, total, since: before?.since ?? performance.now(), words: undefined });
    this.#start();
  }

  /** What one task is at, where there is nothing to count. */
  words(task: string, words: string): void {
    const before = this.#tasks.get(task);
    this.#tasks.set(task, { bytes: 0, total: undefined, since: before?.since ?? performance.now(), words });
    this.#start();
  }

  done(task: string): void {
    this.#tasks.delete(task);
    if (this.#tasks.size === 0) this.clear();
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#drawn) process.stderr.write("\r\u001b[K");
    this.#drawn = false;
  }

  #start(): void {
    if (!this.#enabled || this.#timer !== undefined) return;
    this.#timer = setInterval(() => this.#draw(), interval).unref();
  }

  #draw(): void {
    const now = performance.now();
    const parts: string[] = [];
    for (const [task, { bytes, total, since, words }] of this.#tasks) {
      if (now - since < patience) continue;
      const rate = bytes / ((now - since) / 1000);
      const counted =
        total === undefined ? formatBytes(bytes) : `${formatBytes(bytes)} of ${formatBytes(total)}`;
      parts.push(`${task}: ${words ?? `${counted}, ${formatBytes(rate)}/s`}`);
    }
    if (parts.length === 0) return;
    const width = Math.max(20, (process.stderr.columns ?? 80) - 1);
    const line = parts.join("  ");
    process.stderr.write(`\r\u001b[K${line.length > width ? `${line.slice(0, width - 1)}…` : line}`);
    this.#drawn = true;
  }
}

/** Bytes as people read them, in powers of 1000. */
export function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}
