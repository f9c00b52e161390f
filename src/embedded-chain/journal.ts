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
import { DaoChainError, failure, systemErrorCode } from "../errors.ts";
import { noSpace, systemReason, writeFileAtomic } from "../files.ts";
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

/** Makes an empty journal where there is none. @throws NO_SPACE, FILE_UNWRITABLE */
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
   * @throws JOURNAL_DAMAGED, JOURNAL_OUT_OF_ORDER for damage anywhere else; JOURNAL_UNREADABLE, JOURNAL_FORMAT_UNKNOWN,
   *   JOURNAL_OF_OTHER_CHAIN; NO_SPACE, JOURNAL_UNWRITABLE
   */
  static async open(file: string, identity: JournalIdentity): Promise<Journal> {
    let descriptor: number;
    try {
      descriptor = openSync(file, constants.O_RDWR);
    } catch (error) {
      throw unreadable(file, error);
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
      throw unreadable(file, error);
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

  /** All records from the first on. @throws JOURNAL_CHANGED when the file changes under it */
  *read(): Generator<JournalRecord> {
    for (const [index, offset] of this.#offsets.entries()) {
      const next = this.#offsets[index + 1] ?? this.#end;
      const record = decodeRecord(readAt(this.#descriptor, offset, next - offset));
      if (record === undefined) throw failure("JOURNAL_CHANGED", { number: index + 1, path: this.#file });
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
      this.#failed = failure("JOURNAL_NOT_SYNCED", { path: this.#file }, { cause: error });
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
    this.#failed ??= failure("JOURNAL_CLOSED", { path: this.#file });
  }

  /**
   * Moves the last record to `<file>.deadly-<number>`; it must not have been acknowledged.
   * @throws NO_SPACE, FILE_UNWRITABLE, JOURNAL_NOT_REPAIRED
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
    this.#failed ??= failure("JOURNAL_CLOSED", { path: this.#file });
    closeSync(this.#descriptor);
  }

  #truncate(end: number): void {
    try {
      ftruncateSync(this.#descriptor, end);
      fsyncSync(this.#descriptor);
    } catch (error) {
      this.#failed = writeError(error, this.#file);
      throw failure("JOURNAL_NOT_REPAIRED", { path: this.#file }, { cause: error });
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
 * @throws JOURNAL_UNREADABLE, JOURNAL_FORMAT_UNKNOWN, JOURNAL_DAMAGED, JOURNAL_OUT_OF_ORDER
 */
export function measureJournal(file: string, most = Number.POSITIVE_INFINITY): JournalExtent {
  let descriptor: number;
  try {
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw failure("JOURNAL_UNREADABLE", { path: file, reason: systemReason(error) }, { cause: error });
  }
  try {
    const identity = decodeFileHeader(readAt(descriptor, 0, fileHeaderBytes));
    if (identity === undefined) throw failure("JOURNAL_FORMAT_UNKNOWN", { path: file });
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
  if (found === undefined) throw failure("JOURNAL_FORMAT_UNKNOWN", { path: file });
  if (found.chainId !== identity.chainId || found.genesisHash !== identity.genesisHash) {
    const { chainId, genesisHash: genesis } = found;
    throw failure("JOURNAL_OF_OTHER_CHAIN", { path: file, chainId, genesis });
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
      throw failure("JOURNAL_DAMAGED", { number: offsets.length + 1, path: file, offset: at });
    }
    if (record.number !== offsets.length + 1) {
      const expected = offsets.length + 1;
      throw failure("JOURNAL_OUT_OF_ORDER", { path: file, found: record.number, offset: at, expected });
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

/** A failed write: NO_SPACE where the disk, the quota or the file size limit is exhausted, else JOURNAL_UNWRITABLE. */
function writeError(cause: unknown, file: string): DaoChainError {
  if (["ENOSPC", "EDQUOT", "EFBIG"].includes(systemErrorCode(cause) ?? "")) return noSpace(file, cause);
  return failure("JOURNAL_UNWRITABLE", { path: file, reason: systemReason(cause) }, { cause });
}

function unreadable(file: string, cause: unknown): DaoChainError {
  return failure("JOURNAL_UNREADABLE", { path: file, reason: systemReason(cause) }, { cause });
}
