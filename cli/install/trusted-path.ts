import { lstat, realpath } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * What of a path others than root could change, and with it what lies there.
 * @returns the path itself or a directory above it; undefined where root alone can
 */
export async function changeableBy(path: string): Promise<string | undefined> {
  for (const start of new Set([path, await realpath(path)])) {
    // Whoever owns a sticky directory's entry keeps others from replacing it.
    for (let at = start, isEntry = true; ; at = dirname(at), isEntry = false) {
      const { uid, mode } = await lstat(at);
      const isSticky = !isEntry && (mode & 0o1000) !== 0;
      const isLink = (mode & 0o170000) === 0o120000;
      if (uid !== 0 || (!isLink && !isSticky && (mode & 0o022) !== 0)) return at;
      if (at === dirname(at)) break;
    }
  }
  return undefined;
}
