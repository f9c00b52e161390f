import { resolve } from "node:path";
import type { Rolldown } from "tsdown";

const prefix = "\0barrel:";

/**
 * Makes an entry of a barrel by a module that only hands on its exports. Were the barrel the entry itself, the bundler would count
 * everything behind it as used by every file that imports it, and each command would load the whole library.
 * @param entry path of the barrel as the configuration names it
 */
export function barrelEntry(entry: string): Rolldown.Plugin {
  return {
    name: "barrel-entry",
    resolveId: {
      order: "pre",
      filter: { id: new RegExp(`${entry}$`) },
      handler: (id, importer) => (importer === undefined ? prefix + resolve(id) : undefined),
    },
    load: {
      filter: { id: new RegExp(`^${prefix}`) },
      handler: (id) => `export * from ${JSON.stringify(id.slice(prefix.length))};`,
    },
  };
}
