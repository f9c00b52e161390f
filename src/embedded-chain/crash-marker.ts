import { readFileSync, writeFileSync } from "node:fs";

const bytes = 16;

/**
 * The last block that came out of the engine, and one that was tried and has not come out yet, as numbers in a file beside the journal
 * (docs/specs/journal.md, "A block that kills the engine"). The engine is native code: what goes wrong in there ends the process, and nothing
 * here could say so any more.
 */
export class CrashMarker {
  readonly #file: string;
  /** undefined: not known, and then nothing is held to be deadly */
  #last: number | undefined;
  #tried = 0;

  /** What cannot be read says nothing. */
  constructor(file: string) {
    this.#file = file;
    try {
      const found = readFileSync(file);
      if (found.length !== bytes) return;
      this.#last = Number(found.readBigUInt64LE(0));
      this.#tried = Number(found.readBigUInt64LE(8));
    } catch {
      // There is none yet.
    }
  }

  /** Whether a process has died on this block, and the one before was the last that came out. */
  isDeadly(block: number): boolean {
    return this.#last === block - 1 && this.#tried === block;
  }

  /** To be called before a block is executed again that may never have come out. */
  try(block: number): void {
    if (this.#last !== block - 1) return;
    this.#tried = block;
    this.#write();
  }

  cameOut(block: number): void {
    this.#last = block;
    this.#tried = 0;
    this.#write();
  }

  /** It must outlive the process, not the machine: nothing is brought to the disk. Without it all goes on, but for what it is good for. */
  #write(): void {
    const buffer = Buffer.alloc(bytes);
    buffer.writeBigUInt64LE(BigInt(this.#last ?? 0), 0);
    buffer.writeBigUInt64LE(BigInt(this.#tried), 8);
    try {
      writeFileSync(this.#file, buffer, { mode: 0o600 });
    } catch {
      // A full disk must not end the chain.
    }
  }
}
