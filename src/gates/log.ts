import { appendFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** A decision as one line of JSON tells it. */
export interface DecisionLine {
  /** ISO 8601 */
  readonly time: string;
  readonly gate: string;
  /** what was about to happen, such as `create` */
  readonly action: string;
  readonly image: string;
  /** the image's ID; null where it was not found out */
  readonly id: string | null;
  readonly status: string;
  readonly allowed: boolean;
  /** name and level of the policy that held; null where none does */
  readonly policy: string | null;
  readonly level: string | null;
  readonly reason: string;
  readonly organisation: string | null;
  readonly claim: string | null;
  readonly depth: string | null;
  /** the block that it rests on; null where no evidence was there */
  readonly block: number | null;
  /** seconds since the chain was asked */
  readonly staleness: number | null;
  readonly milliseconds: number;
}

/** Lines that wait to be written at most: beyond, the newest are lost rather than memory. */
const maxWaiting = 10_000;
/** To open and close the file costs more than a decision: after so many times in a while, lines of a moment go together (in milliseconds). */
const maxWrites = 10;
const writesTime = 100;
const pause = 20;

/** Writes one JSON object a line, in the order of the decisions. A line that cannot be written holds no decision up. */
export class DecisionLog {
  readonly #file: string | undefined;
  readonly #onLost: (lines: number) => void;
  #waiting: string[] = [];
  #writing: Promise<void> | undefined;
  #writes = 0;
  #since = 0;

  /** @param file to which lines are added, opened anew each time so that it may be rotated; undefined: stderr */
  constructor(file: string | undefined, onLost: (lines: number) => void) {
    this.#file = file;
    this.#onLost = onLost;
  }

  write(decision: DecisionLine): void {
    if (this.#waiting.length >= maxWaiting) {
      this.#onLost(1);
      return;
    }
    this.#waiting.push(`${escapeControls(JSON.stringify(decision))}\n`);
    this.#begin();
  }

  #begin(): void {
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  /** Waits until everything is written. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing;
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      try {
        if (this.#file === undefined) await writeToStderr(lines.join(""));
        else await appendFile(this.#file, lines.join(""), { mode: 0o600 });
      } catch {
        this.#onLost(lines.length);
      }
      await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const now = performance.now();
    if (now - this.#since > writesTime) {
      this.#since = now;
      this.#writes = 0;
    }
    if (++this.#writes > maxWrites) await sleep(pause);
  }
}

/** @throws where it cannot be written, as to a reader that has gone */
function writeToStderr(text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stderr.write(text, (error) => (error ? reject(error) : resolve()));
  });
}

/** The same JSON, which a terminal may show. */
function escapeControls(json: string): string {
  if (/^[ -~]*$/.test(json)) return json;
  return json.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (text) =>
    text
      .split("")
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
      .join(""),
  );
}
