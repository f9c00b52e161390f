import type { Rolldown } from "tsdown";

/**
 * Writes the few characters beyond ASCII as escapes. One of them makes Node keep a whole file as two bytes a character, and read it more
 * slowly: each command pays for that. Files in Chinese stay as they are.
 */
export function asciiChunks(): Rolldown.Plugin {
  return {
    name: "ascii-chunks",
    // After the minifier, which would write the characters themselves.
    generateBundle(_options, bundle) {
      for (const file of Object.values(bundle)) {
        if (file.type !== "chunk" || file.code.includes("String.raw")) continue;
        const beyond = file.code.match(/[^\x00-\x7f]/g)?.length ?? 0;
        if (beyond < file.code.length / 100) file.code = file.code.replace(/[^\x00-\x7f]/g, escaped);
      }
    },
  };
}

/** @param unit of UTF-16, so that what takes two is two escapes */
function escaped(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
