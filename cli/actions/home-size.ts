import { lstat, readdir, statfs } from "node:fs/promises";
import { join } from "node:path";

/** Files that are looked at: a home has some dozens. */
const maxFiles = 10_000;

/** Bytes that a directory takes, and bytes that are left on its file system; undefined where it does not exist. */
export async function sizeOf(directory: string): Promise<{ used: number; free: number } | undefined> {
  try {
    const { bavail, bsize } = await statfs(directory);
    const names = await readdir(directory, { recursive: true });
    let used = 0;
    for (const name of names.slice(0, maxFiles)) {
      // What is deleted meanwhile takes nothing.
      const facts = await lstat(join(directory, name)).catch(() => undefined);
      used += facts === undefined ? 0 : facts.blocks * 512;
    }
    return { used, free: bavail * bsize };
  } catch {
    return undefined;
  }
}
