import { randomBytes } from "node:crypto";
import { constants, type FileHandle, link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DaoChainError, systemErrorCode } from "./errors.ts";

/** Creates a directory, and those above it, for this user alone. */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((cause) => {
    throw fileError(`The directory ${path} cannot be created`, cause);
  });
}

/**
 * Writes a file that is either the old one or the new one, whatever happens: under a temporary name, fsynced, renamed,
 * and the directory fsynced.
 * @param content all of it, or pieces as they come; what they throw is thrown, and no file is made
 * @param options.exclusive fail with EEXIST (a system error) rather than replace a file
 * @throws NO_SPACE, or CONFIGURATION_INVALID where the file cannot be written
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
    throw fileError(`The file ${path} cannot be written`, cause);
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/**
 * Reads a regular file of at most `limit` bytes; a device or a pipe is refused rather than waited for.
 * @returns undefined where there is no such file
 * @throws CONFIGURATION_INVALID
 */
export async function readSmallFile(path: string, limit = 1 << 20): Promise<string | undefined> {
  let file: FileHandle;
  try {
    file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") return undefined;
    throw fileError(`The file ${path} cannot be read`, cause);
  }
  try {
    const facts = await file.stat();
    if (!facts.isFile()) throw new DaoChainError("CONFIGURATION_INVALID", `${path} is not a regular file.`);
    // The size that a file states is not what it gives: those of /proc state none.
    const pieces: Buffer[] = [];
    for (let length = 0; length <= limit; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(65_536), 0, 65_536, null);
      if (bytesRead === 0) return Buffer.concat(pieces).toString("utf8");
      pieces.push(buffer.subarray(0, bytesRead));
      length += bytesRead;
    }
    throw new DaoChainError("CONFIGURATION_INVALID", `The file ${path} is larger than ${limit} bytes.`);
  } catch (cause) {
    if (cause instanceof DaoChainError) throw cause;
    throw fileError(`The file ${path} cannot be read`, cause);
  } finally {
    await file.close();
  }
}

/** `sentence` (without its full stop) with the system's reason, as an error for people. */
export function fileError(sentence: string, cause: unknown): DaoChainError {
  const code = systemErrorCode(cause);
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new DaoChainError("NO_SPACE", `${sentence}: no space is left on the device.`, {
      hint: "Free some space and run the same command again.",
      cause,
    });
  }
  const reasons: Readonly<Record<string, string>> = {
    EACCES: "permission denied",
    EPERM: "permission denied",
    EROFS: "the file system is read-only",
  };
  const reason = reasons[code ?? ""] ?? code ?? "unknown reason";
  return new DaoChainError("CONFIGURATION_INVALID", `${sentence}: ${reason}.`, { cause });
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, constants.O_RDONLY);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
