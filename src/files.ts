import { randomBytes } from "node:crypto";
import { constants, type FileHandle, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DaoChainError, failure, systemErrorCode } from "./errors.ts";
import { type Message, say } from "./messages/message.ts";

/** Creates a directory, and those above it, for this user alone. @throws DIRECTORY_UNWRITABLE, NO_SPACE */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause) => {
    if (isFull(cause)) throw noSpace(path, cause);
    throw failure("DIRECTORY_UNWRITABLE", { path, reason: systemReason(cause) }, { cause });
  });
}

/**
 * Writes a file that is either the old one or the new one, whatever happens: under a temporary name, fsynced, renamed,
 * and the directory fsynced.
 * @param content all of it, or pieces as they come; what they throw is thrown, and no file is made
 * @param options.exclusive fail with EEXIST (a system error) rather than replace a file
 * @throws NO_SPACE, FILE_UNWRITABLE
 */
export async function writeFileAtomic(
  path: string,
  content: string | Uint8Array | AsyncIterable<Uint8Array>,
  options: { mode?: number; exclusive?: boolean } = {},
): Promise<void> {
  const directory = dirname(path);
  const temporary = join(directory, `.${randomBytes(6).toString("hex")}.tmp`);
  try {
    const file = await open(temporary, "wx", options.mode ?? 0o600);
    try {
      await file.writeFile(content);
      await file.sync();
    } finally {
      await file.close();
    }
    if (options.exclusive === true) await link(temporary, path);
    else await rename(temporary, path);
    await syncDirectory(directory);
  } catch (cause) {
    if (cause instanceof DaoChainError) throw cause;
    if (options.exclusive === true && systemErrorCode(cause) === "EEXIST") throw cause;
    throw unwritableFile(path, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/**
 * Reads a regular file of at most `limit` bytes; a device or a pipe is refused rather than waited for.
 * @returns undefined where there is no such file
 * @throws FILE_UNREADABLE, FILE_NOT_REGULAR, FILE_TOO_LARGE
 */
export async function readSmallFile(path: string, limit = 1 << 20): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") return undefined;
    throw unreadableFile(path, cause);
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw failure("FILE_NOT_REGULAR", { path });
    // The size that a file states is not what it gives: those of /proc state none.
    const pieces: Buffer[] = [];
    for (let length = 0; length <= limit; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, null);
      if (bytesRead === 0) return Buffer.concat(pieces).toString("utf8");
      pieces.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
    throw failure("FILE_TOO_LARGE", { path, limit });
  } catch (cause) {
    if (cause instanceof DaoChainError) throw cause;
    throw unreadableFile(path, cause);
  } finally {
    await file.close();
  }
}

function unreadableFile(path: string, cause: unknown): DaoChainError {
  return failure("FILE_UNREADABLE", { path, reason: systemReason(cause) }, { cause });
}

/** A file that could not be opened for writing, or written: NO_SPACE, or FILE_UNWRITABLE. */
export function unwritableFile(path: string, cause: unknown): DaoChainError {
  if (isFull(cause)) return noSpace(path, cause);
  return failure("FILE_UNWRITABLE", { path, reason: systemReason(cause) }, { cause });
}

export function unreadableDirectory(path: string, cause: unknown): DaoChainError {
  return failure("DIRECTORY_UNREADABLE", { path, reason: systemReason(cause) }, { cause });
}

/** @param path of what could not be written */
export function noSpace(path: string, cause: unknown): DaoChainError {
  return failure("NO_SPACE", { path }, { cause });
}

/** Whether the disk or the quota is exhausted. */
export function isFull(cause: unknown): boolean {
  const code = systemErrorCode(cause);
  return code === "ENOSPC" || code === "EDQUOT";
}

/** Why the system refused, as a part of a sentence. */
export function systemReason(cause: unknown): Message {
  const code = systemErrorCode(cause);
  switch (code) {
    case undefined:
      return say("unknown-reason");
    case "EACCES":
    case "EPERM":
      return say("permission-denied");
    case "EROFS":
      return say("read-only-file-system");
    case "ENOENT":
      return say("no-such-directory");
    case "ENOTDIR":
      return say("not-a-directory");
    case "EISDIR":
      return say("is-a-directory");
    case "EMFILE":
    case "ENFILE":
      return say("too-many-open-files");
    default:
      return say("system-error", { code });
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
