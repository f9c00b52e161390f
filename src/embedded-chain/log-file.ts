import { copyFileSync, fstatSync, ftruncateSync, statSync } from "node:fs";

/** Bytes of a log, and of the one before it, which is kept. */
export const maximumLogBytes = 1_048_576;

/**
 * Keeps a log that is written by a descriptor within bounds: once it is too long, what it holds moves to `<file>.1`, and it goes on empty. The
 * descriptor stays, since native code writes to it too; it must have been opened to append.
 * @param descriptor which may be anything: a terminal or a journal of systemd's is not ours to bound
 * @returns whether it was cut
 */
export function boundLog(file: string, descriptor: number): boolean {
  const facts = fstatSync(descriptor);
  if (!facts.isFile() || facts.size <= maximumLogBytes) return false;
  const named = statSync(file, { throwIfNoEntry: false });
  if (named?.ino !== facts.ino || named.dev !== facts.dev) return false;
  try {
    copyFileSync(file, `${file}.1`);
  } catch {
    // A disk that is full must not be filled further: what was logged is lost then.
  }
  ftruncateSync(descriptor, 0);
  return true;
}
