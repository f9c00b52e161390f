import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { cancelled, DaoChainError, failure, systemErrorCode } from "../errors.ts";
import { systemReason } from "../files.ts";
import { say } from "../messages/message.ts";

/** bytes of a file that are read at a time */
const PIECE = 1024 * 1024;

/**
 * Opens a regular file for reading. Without O_NONBLOCK a FIFO would wait for a writer forever.
 * @param path the file
 * @param image the reference as typed, for messages
 * @returns undefined where there is no such file
 * @throws IMAGE_FILE_UNREADABLE, IMAGE_FILE_NOT_REGULAR where it cannot be read or is not a regular file
 */
export async function openRegularFile(
  path: string,
  image: string,
): Promise<{ handle: FileHandle; size: number } | undefined> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const code = systemErrorCode(cause);
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw unreadableFile(path, image, cause);
  }
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) {
      throw failure("IMAGE_FILE_NOT_REGULAR", { image, path });
    }
    return { handle, size: stat.size };
  } catch (error) {
    await handle.close();
    throw error instanceof DaoChainError ? error : unreadableFile(path, image, error);
  }
}

/**
 * Reads a file through one piece of memory, which each piece that it gives takes the place of.
 * @param limit in bytes: no more is read
 */
export async function* readPieces(handle: FileHandle, limit: number): AsyncGenerator<Buffer, void> {
  const buffer = Buffer.allocUnsafeSlow(Math.min(PIECE, limit));
  for (let at = 0; at < limit; ) {
    const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, limit - at), at);
    if (bytesRead === 0) return;
    at += bytesRead;
    yield buffer.subarray(0, bytesRead);
  }
}

export function unreadableFile(path: string, image: string, cause: unknown): DaoChainError {
  const advice = systemErrorCode(cause) === "EACCES" ? say("advice-owner") : undefined;
  return failure("IMAGE_FILE_UNREADABLE", { image, path, reason: systemReason(cause) }, { advice, cause });
}

/**
 * Runs work that a signal may cut short, and reports that in one way.
 * @throws CANCELLED
 */
export async function cancellable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  if (signal?.aborted) throw cancelled();
  let result: T;
  try {
    result = await work();
  } catch (error) {
    throw signal?.aborted ? cancelled(error) : error;
  }
  if (signal?.aborted) throw cancelled();
  return result;
}
