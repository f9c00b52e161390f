import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, mkdir, open, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failure, systemErrorCode } from "../errors.ts";
import { systemReason, unwritableFile } from "../files.ts";
import { TarError } from "../image/tar/error.ts";
import { type TarEntry, TarParser, type TarVisitor } from "../image/tar/parser.ts";
import { type Message, say } from "../messages/message.ts";
import {
  type BackupList,
  decodeList,
  format,
  formatOf,
  listName,
  type Member,
  maxMembers,
  memberLimit,
} from "./members.ts";

/** A file, and perhaps an extended header before it. */
const entriesOfFile = 2;

/**
 * Unpacks a backup into an empty directory. The archive may come from anywhere: it is read as a list of names that a backup may hold, in the
 * list's order, each of the length and the hash that the list says, and nothing else; no name of it becomes a path.
 * @param options.accept is shown the list before anything is written
 * @throws BACKUP_NOT_FOUND, BACKUP_INVALID, NO_SPACE, FILE_UNWRITABLE, CANCELLED
 */
export async function unpackBackup(
  file: string,
  directory: string,
  options: {
    readonly accept: (list: BackupList) => Promise<void>;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<BackupList> {
  const archive = await openArchive(file);
  const unpacking = new Unpacking(file, directory, options.accept);
  try {
    const parser = new TarParser(unpacking, { entries: (maxMembers + 1) * entriesOfFile });
    const buffer = Buffer.alloc(1 << 20);
    for (;;) {
      if (options.signal?.aborted === true) throw failure("CANCELLED");
      const { bytesRead } = await archive.read(buffer, 0, buffer.length, null);
      if (bytesRead === 0) break;
      await parser.write(buffer.subarray(0, bytesRead));
      // What follows would never end.
      if (parser.isFollowed) throw unpacking.invalid(say("backup-followed"));
    }
    parser.end();
    if (!parser.isEnded) throw unpacking.invalid(say("backup-cut"));
    return unpacking.finish();
  } catch (error) {
    if (error instanceof TarError)
      throw failure(
        "BACKUP_INVALID",
        { file, why: say("backup-not-tar", { why: error.message }) },
        { cause: error },
      );
    if (systemErrorCode(error) !== undefined && !(error instanceof Error && error.name === "DaoChainError"))
      throw unwritableFile(directory, error);
    throw error;
  } finally {
    await archive.close();
    await unpacking.close();
  }
}

async function openArchive(file: string): Promise<FileHandle> {
  try {
    const archive = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    if ((await archive.stat()).isFile()) return archive;
    await archive.close();
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") throw failure("BACKUP_NOT_FOUND", { file }, { cause });
    throw failure("FILE_UNREADABLE", { path: file, reason: systemReason(cause) }, { cause });
  }
  throw failure("BACKUP_NOT_FOUND", { file });
}

class Unpacking implements TarVisitor {
  readonly #file: string;
  readonly #directory: string;
  readonly #accept: (list: BackupList) => Promise<void>;
  #list: BackupList | undefined;
  /** of the list itself, before it is read */
  readonly #listPieces: Buffer[] = [];
  #isList = false;
  #next = 0;
  #member: Member | undefined;
  #output: FileHandle | undefined;
  #hash = createHash("sha256");
  #bytes = 0;

  constructor(file: string, directory: string, accept: (list: BackupList) => Promise<void>) {
    this.#file = file;
    this.#directory = directory;
    this.#accept = accept;
  }

  invalid(why: Message): Error {
    return failure("BACKUP_INVALID", { file: this.#file, why });
  }

  entry({ type, path, size, holes }: TarEntry): void {
    const shown = JSON.stringify(path.slice(0, 100));
    if (this.#list === undefined) {
      if (this.#isList || path !== listName || type !== "file" || holes > 0 || size > memberLimit)
        throw this.invalid(say("backup-no-list"));
      this.#isList = true;
      return;
    }
    const member = this.#list.members[this.#next++];
    if (path !== member?.name)
      throw this.invalid(say("backup-entry", { name: shown, expected: member?.name ?? "-" }));
    if (type !== "file" || holes > 0) throw this.invalid(say("backup-kind", { name: shown }));
    if (size !== member.size) throw this.invalid(say("backup-size", { name: shown }));
    this.#member = member;
    this.#hash = createHash("sha256");
    this.#bytes = 0;
  }

  content(bytes: Uint8Array): Promise<void> | undefined {
    if (this.#list === undefined) {
      this.#listPieces.push(Buffer.from(bytes));
      return undefined;
    }
    return this.#write(bytes);
  }

  end(): Promise<void> | undefined {
    return this.#list === undefined ? this.#readList() : this.#endMember();
  }

  finish(): BackupList {
    if (this.#list === undefined) throw this.invalid(say("backup-no-list"));
    const missing = this.#list.members[this.#next];
    if (missing !== undefined) throw this.invalid(say("backup-cut"));
    return this.#list;
  }

  async close(): Promise<void> {
    await this.#output?.close();
    this.#output = undefined;
  }

  async #readList(): Promise<void> {
    const text = Buffer.concat(this.#listPieces).toString("utf8");
    const found = formatOf(text);
    if (found === undefined) throw this.invalid(say("backup-no-list"));
    if (found !== format) throw this.invalid(say("backup-version", { format: found }));
    const list = decodeList(text);
    if (typeof list === "string") throw this.invalid(say("backup-list", { what: list }));
    await this.#accept(list);
    this.#list = list;
  }

  async #write(bytes: Uint8Array): Promise<void> {
    const output = await this.#openOutput();
    this.#hash.update(bytes);
    this.#bytes += bytes.length;
    await writeFile(output, bytes);
  }

  /** Its name is one of the list, which holds names of ours alone. */
  async #openOutput(): Promise<FileHandle> {
    if (this.#output !== undefined) return this.#output;
    const path = join(this.#directory, this.#member?.name ?? "");
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    this.#output = await open(path, "wx", 0o600);
    return this.#output;
  }

  async #endMember(): Promise<void> {
    const { name, size, sha256 } = this.#member as Member;
    const output = await this.#openOutput();
    await output.sync();
    await this.close();
    if (this.#bytes !== size) throw this.invalid(say("backup-size", { name }));
    if (this.#hash.digest("hex") !== sha256) throw this.invalid(say("backup-hash", { name }));
  }
}
