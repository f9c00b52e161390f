import type { Progress } from "../../src/internal.ts";
import type { Words } from "../words/words.ts";
import { formatBytes } from "./bytes.ts";
import { liveLines } from "./live-lines.ts";
import { Meter } from "./meter.ts";
import { sanitizeLine } from "./sanitize.ts";

/** How long something may take, in milliseconds, before its progress is shown; and how often it is redrawn. */
const patience = 1000;
const interval = 125;
/** Parts that are kept apart: more than any image has layers. */
const maxParts = 1000;
const barWidth = 20;

interface Part {
  readonly meter: Meter;
  bytes: number;
  total: number | undefined;
  /** the moment of the last word of it, in milliseconds */
  latest: number;
}

interface Task extends Part {
  readonly parts: Map<string, Part>;
  words: string | undefined;
}

/** What decides how progress is shown. */
interface Audience {
  /** nothing at all */
  readonly quiet: boolean;
  /** stdout is for a program: where stderr is no terminal, nothing either */
  readonly json: boolean;
  readonly words: Words;
  /** told in the place of stderr what things are at */
  readonly progress?: ((what: string) => void) | undefined;
}

/**
 * How far things are, on stderr, for what takes over a second. On a terminal: a few lines that are redrawn in place, one for each layer
 * on its way, those that are through in the line above. Elsewhere: one line for each image at its end. Several images share it.
 */
export class ProgressDisplay {
  readonly #mode: "live" | "summary" | "silent";
  readonly #words: Words["image"]["progress"];
  readonly #tasks = new Map<string, Task>();
  readonly #tell: Audience["progress"];
  #timer: NodeJS.Timeout | undefined;

  constructor({ quiet, json, words, progress }: Audience) {
    this.#words = words.image.progress;
    const isLive = process.stderr.isTTY === true && process.env["TERM"] !== "dumb";
    this.#tell = progress;
    this.#mode = quiet || progress !== undefined ? "silent" : isLive ? "live" : json ? "silent" : "summary";
  }

  /** Bytes of one task, as they come. */
  update(name: string, { bytes, total, part }: Progress): void {
    const now = performance.now();
    const task = this.#task(name, now);
    task.words = undefined;
    record(task, bytes, total, now);
    if (part === undefined) return;
    let known = task.parts.get(part.name);
    if (known === undefined) {
      if (task.parts.size >= maxParts) return;
      known = { meter: new Meter(now), bytes: 0, total: undefined, latest: now };
      task.parts.set(part.name, known);
    }
    record(known, part.bytes, part.total, now);
  }

  /** What one task is at, where there is nothing to count. */
  words(name: string, words: string): void {
    this.#task(name, performance.now()).words = words;
    this.#tell?.(words);
  }

  done(name: string): void {
    const task = this.#tasks.get(name);
    if (task === undefined) return;
    this.#tasks.delete(name);
    const time = task.latest - task.meter.since;
    if (this.#mode === "summary" && task.bytes > 0 && time >= patience) {
      const rate = this.#words.perSecond(formatBytes(task.bytes / (time / 1000)));
      const took = this.#words.took(formatBytes(task.bytes), this.#span(time / 1000), rate);
      process.stderr.write(`${sanitizeLine(name)}: ${took}\n`);
    }
    if (this.#tasks.size === 0) this.clear();
  }

  clear(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (this.#mode === "live") liveLines.clear();
  }

  #task(name: string, now: number): Task {
    let task = this.#tasks.get(name);
    if (task === undefined) {
      const nothing = { meter: new Meter(now), bytes: 0, total: undefined, latest: now };
      task = { ...nothing, parts: new Map(), words: undefined };
      this.#tasks.set(name, task);
    }
    if (this.#mode === "live") this.#timer ??= setInterval(() => this.#draw(), interval).unref();
    return task;
  }

  #draw(): void {
    const now = performance.now();
    const late = [...this.#tasks].filter(([, { meter }]) => now - meter.since >= patience);
    // Every task has its line before any layer has one.
    let left = liveLines.height - late.length;
    const lines: string[] = [];
    for (const [name, task] of late) {
      const running = task.words === undefined ? [...task.parts].filter(([, part]) => !isThrough(part)) : [];
      lines.push(this.#headline(name, task, task.parts.size - running.length, now));
      for (const [partName, part] of running.slice(0, Math.max(0, left))) {
        lines.push(this.#partLine(partName, part, now));
        left--;
      }
    }
    liveLines.draw(lines);
  }

  #headline(name: string, task: Task, through: number, now: number): string {
    const { parts, words } = task;
    const layers = parts.size > 1 ? [this.#words.layers(through, parts.size)] : [];
    return `${sanitizeLine(name)}: ${words ?? [...layers, this.#counted(task, now)].join(this.#words.list)}`;
  }

  #partLine(name: string, part: Part, now: number): string {
    const short = sanitizeLine(name.replace(/^sha256:/, "")).slice(0, 12);
    return `  ${short.padEnd(12)} ${bar(part)}${this.#counted(part, now)}`;
  }

  /** The time that is left is told only where the total is known and bytes are coming: it is never guessed. */
  #counted({ bytes, total, meter }: Part, now: number): string {
    const { of, perSecond, left, list } = this.#words;
    const rate = meter.rate(now);
    const done = total === undefined ? formatBytes(bytes) : of(formatBytes(bytes), formatBytes(total));
    const time = total !== undefined && rate > 0 && bytes < total ? (total - bytes) / rate : undefined;
    return [done, perSecond(formatBytes(rate)), ...(time === undefined ? [] : [left(this.#span(time))])].join(
      list,
    );
  }

  /** Seconds as people read them. */
  #span(seconds: number): string {
    const words = this.#words;
    if (seconds < 10) return words.seconds(seconds.toFixed(1));
    const whole = Math.round(seconds);
    if (whole < 120) return words.seconds(`${whole}`);
    if (whole < 7200) return words.minutes(Math.floor(whole / 60), whole % 60);
    return words.hours(Math.floor(whole / 3600), Math.floor((whole % 3600) / 60));
  }
}

function record(part: Part, bytes: number, total: number | undefined, now: number): void {
  part.latest = now;
  part.bytes = bytes;
  part.total = total;
  part.meter.add(bytes, now);
}

function isThrough({ bytes, total }: Part): boolean {
  return total !== undefined && bytes >= total;
}

function bar({ bytes, total }: Part): string {
  if (total === undefined || total === 0) return "";
  const filled = Math.min(barWidth, Math.floor((bytes / total) * barWidth));
  return `[${"#".repeat(filled)}${" ".repeat(barWidth - filled)}] `;
}
