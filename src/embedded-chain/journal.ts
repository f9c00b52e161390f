import {
  closeSync,
  constants,
  fdatasync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readSync,
  writeSync,
} from "node:fs";
import { stat } from "node:fs/promises";
import { promisify } from "node:util";
import { DaoChainError, systemErrorCode } from "../errors.ts";
import { writeFileAtomic } from "../files.ts";
import {
  decodeFileHeader,
  decodeRecord,
  decodeRecordHeader,
  encodeFileHeader,
  encodeRecord,
  fileHeaderBytes,
  type JournalIdentity,
  type JournalRecord,
  maximumRecordBytes,
  recordHeaderBytes,
  recordMarker,
} from "./journal-format.ts";

const syncData = promisify(fdatasync);

/** Makes an empty journal where there is none. @throws NO_SPACE, CONFIGURATION_INVALID */
export async function createJournal(file: string, identity: JournalIdentity): Promise<void> {
  await writeFileAtomic(file, encodeFileHeader(identity));
}

/**
 * The append-only record of a chain's blocks. Its one writer is the process that holds the chain's lock.
 * What `append` has resolved for is on the disk and survives a power loss.
 */
export class Journal {
  readonly #file: string;
  readonly #descriptor: number;
  /** where each record begins */
  readonly #offsets: number[];
  #end: number;
  #failed: DaoChainError | undefined;
  /** Bytes of an append that never finished, cut off when the journal was opened and kept in a file beside it. */
  readonly tornBytes: number;

  private constructor(file: string, descriptor: number, offsets: number[], end: number, tornBytes: number) {
    this.#file = file;
    this.#descriptor = descriptor;
    this.#offsets = offsets;
    this.#end = end;
    this.tornBytes = tornBytes;
  }

  /**
   * Opens a journal and checks every record's checksum. The rest of an append that was cut short by a crash is moved
   * to `<file>.torn-<offset>`: it was never acknowledged.
   *
   * @throws JOURNAL_INVALID for damage anywhere else, or for another chain's journal; NO_SPACE, CHAIN_FAILED
   */
  static async open(file: string, identity: JournalIdentity): Promise<Journal> {
    let descriptor: number;
    try {
      descriptor = openSync(file, constants.O_RDWR);
    } catch (error) {
      throw invalid(`The journal ${file} cannot be opened.`, error);
    }
    try {
      checkHeader(file, descriptor, identity);
      const { offsets, end, size } = scan(file, descriptor);
      if (size > end) {
        await writeFileAtomic(`${file}.torn-${end}`, readAt(descriptor, end, size - end));
        ftruncateSync(descriptor, end);
        fsyncSync(descriptor);
      }
      return new Journal(file, descriptor, offsets, end, size - end);
    } catch (error) {
      closeSync(descriptor);
      throw error instanceof DaoChainError ? error : writeError(error, file);
    }
  }

  /** Whether a new journal may take the file's place without losing a block. */
  static async isEmptyOrMissing(file: string): Promise<boolean> {
    const facts = await stat(file).catch((error: unknown) => {
      if (systemErrorCode(error) === "ENOENT") return undefined;
      throw invalid(`The journal ${file} cannot be opened.`, error);
    });
    return facts === undefined || (facts.isFile() && facts.size <= fileHeaderBytes);
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.#end;
  }

  /** Blocks in the file. */
  get records(): number {
    return this.#offsets.length;
  }

  /** All records from the first on. @throws JOURNAL_INVALID when the file changes under it */
  *read(): Generator<JournalRecord> {
    for (const [index, offset] of this.#offsets.entries()) {
      const next = this.#offsets[index + 1] ?? this.#end;
      const record = decodeRecord(readAt(this.#descriptor, offset, next - offset));
      if (record === undefined)
        throw invalid(`Record ${index + 1} of ${this.#file} changed while it was read.`);
      yield record;
    }
  }

  /**
   * Writes one record and waits until it is on the disk.
   *
   * @throws NO_SPACE: nothing was recorded, and the next append may succeed; anything else: nothing may be
   *   acknowledged any more, and the process must end
   */
  async append(record: JournalRecord): Promise<void> {
    if (this.#failed !== undefined) throw this.#failed;
    const bytes = encodeRecord(record);
    const begin = this.#end;
    try {
      for (let done = 0; done < bytes.length; ) {
        done += writeSync(this.#descriptor, bytes, done, bytes.length - done, begin + done);
      }
    } catch (error) {
      const failure = writeError(error, this.#file);
      this.#truncate(begin);
      if (failure.code !== "NO_SPACE") this.#failed = failure;
      throw failure;
    }
    try {
      await syncData(this.#descriptor);
      // A file that was deleted still takes writes; they would be gone with the process.
      if (fstatSync(this.#descriptor).nlink === 0) throw new Error("the file was deleted");
    } catch (error) {
      // After a failed sync the kernel may have dropped the pages and report success the next time.
      this.#failed = new DaoChainError(
        "CHAIN_FAILED",
        `The journal ${this.#file} cannot be brought to the disk.`,
        {
          hint: "Check the disk; the chain starts again from what it has acknowledged.",
          cause: error,
        },
      );
      throw this.#failed;
    }
    this.#offsets.push(begin);
    this.#end = begin + bytes.length;
  }

  /** Takes the last record back, which must not have been acknowledged, and refuses further ones. */
  withdrawLast(): void {
    const begin = this.#offsets.pop();
    if (begin === undefined) return;
    this.#end = begin;
    this.#truncate(begin);
    this.#failed ??= new DaoChainError("CHAIN_FAILED", `A record of ${this.#file} was withdrawn.`);
  }

  /**
   * Moves the last record to `<file>.deadly-<number>`; it must not have been acknowledged.
   * @throws NO_SPACE, CHAIN_FAILED
   */
  async setLastAside(): Promise<void> {
    const begin = this.#offsets.at(-1);
    if (begin === undefined) return;
    const record = readAt(this.#descriptor, begin, this.#end - begin);
    await writeFileAtomic(`${this.#file}.deadly-${this.#offsets.length}`, record);
    this.#offsets.pop();
    this.#end = begin;
    this.#truncate(begin);
  }

  /** False when the file was deleted: the chain must end rather than take writes into nothing. */
  get exists(): boolean {
    return fstatSync(this.#descriptor).nlink > 0;
  }

  close(): void {
    this.#failed ??= new DaoChainError("CHAIN_FAILED", `The journal ${this.#file} is closed.`);
    closeSync(this.#descriptor);
  }

  #truncate(end: number): void {
    try {
      ftruncateSync(this.#descriptor, end);
      fsyncSync(this.#descriptor);
    } catch (error) {
      this.#failed = writeError(error, this.#file);
      throw new DaoChainError(
        "CHAIN_FAILED",
        `The journal ${this.#file} cannot be repaired after a failed write.`,
        {
          cause: error,
        },
      );
    }
  }
}

/** How far a journal goes, read beside the process that writes it. */
export interface JournalExtent extends JournalIdentity {
  /** whole blocks */
  readonly blocks: number;
  /** where the last of them ends */
  readonly bytes: number;
  /** bytes behind that: of an append that is being written, or was cut short */
  readonly rest: number;
  /** of the last block, in seconds since 1970; undefined without blocks */
  readonly time: number | undefined;
}

/**
 * Checks a journal's records and changes nothing. Whole records never change, so that what was measured can be copied while the chain runs.
 * @param most blocks that count at most: the last record may not have been executed yet, and then it may be taken back
 * @throws JOURNAL_INVALID
 */
export function measureJournal(file: string, most = Number.POSITIVE_INFINITY): JournalExtent {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw invalid(`The journal ${file} cannot be opened.`, error);
  }
  try {
    const identity = decodeFileHeader(readAt(descriptor, 0, fileHeaderBytes));
    if (identity === undefined) throw invalid(`${file} does not begin like a journal of this version.`);
    const { offsets, end, size } = scan(file, descriptor);
    const blocks = Math.min(offsets.length, most);
    const bytes = offsets[blocks] ?? end;
    const begin = offsets[blocks - 1];
    const last = begin === undefined ? undefined : decodeRecord(readAt(descriptor, begin, bytes - begin));
    return { ...identity, blocks, bytes, rest: Math.max(0, size - bytes), time: last?.timestamp };
  } finally {
    closeSync(descriptor);
  }
}

function checkHeader(file: string, descriptor: number, identity: JournalIdentity): void {
  const found = decodeFileHeader(readAt(descriptor, 0, fileHeaderBytes));
  if (found === undefined) throw invalid(`${file} does not begin like a journal of this version.`);
  if (found.chainId !== identity.chainId || found.genesisHash !== identity.genesisHash) {
    throw invalid(
      `${file} is the journal of another chain (id ${found.chainId}, genesis ${found.genesisHash}).`,
    );
  }
}

function scan(file: string, descriptor: number): { offsets: number[]; end: number; size: number } {
  const size = fstatSync(descriptor).size;
  const offsets: number[] = [];
  let at = fileHeaderBytes;
  while (at < size) {
    const length = decodeRecordHeader(readAt(descriptor, at, recordHeaderBytes));
    const bytes = length === undefined ? undefined : readAt(descriptor, at, length);
    const record = bytes === undefined ? undefined : decodeRecord(bytes);
    if (length === undefined || record === undefined) {
      if (isTornTail(descriptor, at, length, size)) break;
      throw invalid(
        `Record ${offsets.length + 1} of ${file}, at byte ${at}, is damaged, and others follow it.`,
      );
    }
    if (record.number !== offsets.length + 1) {
      throw invalid(
        `${file} has block ${record.number} at byte ${at} where block ${offsets.length + 1} belongs.`,
      );
    }
    offsets.push(at);
    at += length;
  }
  return { offsets, end: at, size };
}

/**
 * Whether the unreadable rest of the file is what a crash leaves of one append: less than a record, or all of it with
 * pages missing, and nothing after it. An intact record further on means that an acknowledged one is damaged.
 */
function isTornTail(descriptor: number, at: number, length: number | undefined, size: number): boolean {
  if (length !== undefined) return at + length >= size;
  if (size - at > maximumRecordBytes) return false;
  const rest = readAt(descriptor, at, size - at);
  for (let next = rest.indexOf(recordMarker, 1); next >= 0; next = rest.indexOf(recordMarker, next + 1)) {
    const candidate = decodeRecordHeader(rest.subarray(next, next + recordHeaderBytes));
    if (candidate !== undefined && decodeRecord(rest.subarray(next, next + candidate)) !== undefined)
      return false;
  }
  return true;
}

/** Up to `length` bytes; fewer at the end of the file. */
function readAt(descriptor: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const got = readSync(descriptor, bytes, done, length - done, position + done);
    if (got === 0) break;
    done += got;
  }
  return bytes.subarray(0, done);
}

/** A failed write: NO_SPACE where the disk, the quota or the file size limit is exhausted, else CHAIN_FAILED. */
function writeError(cause: unknown, file: string): DaoChainError {
  const code = systemErrorCode(cause) ?? "unknown reason";
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(code)) {
    return new DaoChainError(
      "NO_SPACE",
      "There is no space left for the chain's journal; nothing was recorded.",
      {
        hint: `Free some space where ${file} is and try again.`,
        cause,
      },
    );
  }
  return new DaoChainError("CHAIN_FAILED", `The journal ${file} cannot be written: ${code}.`, { cause });
}

function invalid(message: string, cause?: unknown): DaoChainError {
  return new DaoChainError("JOURNAL_INVALID", message, {
    hint: "Restore the chain's directory from a backup; nothing was changed in it.",
    cause,
  });
}
