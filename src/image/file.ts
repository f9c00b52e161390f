import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { DaoChainError, systemErrorCode } from "../errors.ts";

/** bytes of a file that are read at a time */
const PIECE = 1024 * 1024;

/**
 * Opens a regular file for reading. Without O_NONBLOCK a FIFO would wait for a writer forever.
 * @param path the file
 * @param image the reference as typed, for messages
 * @returns undefined where there is no such file
 * @throws IMAGE_UNREADABLE where it cannot be read or is not a regular file
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
      throw new DaoChainError("IMAGE_UNREADABLE", `${image} cannot be read: ${path} is not a regular file.`);
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
  const code = systemErrorCode(cause);
  return new DaoChainError(
    "IMAGE_UNREADABLE",
    `${image} cannot be read: ${path} gave ${code ?? "an error"}.`,
    {
      ...(code === "EACCES" ? { hint: "Ask its owner for the right to read it." } : {}),
      cause,
    },
  );
}

/**
 * Runs work that a signal may cut short, and reports that in one way.
 * @throws CANCELLED
 */
export async function cancellable<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
  const cancelled = (cause?: unknown) =>
    new DaoChainError("CANCELLED", "Reading the image was cancelled.", { cause });
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
