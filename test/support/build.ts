import { resolve } from "node:path";
import { build, type InlineConfig } from "tsdown";
import configuration from "../../tsdown.config.ts";
import { root } from "./imports.ts";

/**
 * Builds a program of a test or a benchmark as daochain itself is built.
 * @param entry from the root of the checkout
 * @returns the program
 */
export async function buildBeside(entry: string, outDir: string): Promise<string> {
  await build({
    ...(configuration as InlineConfig),
    config: false,
    cwd: root,
    entry: { program: resolve(root, entry) },
    outDir,
    clean: true,
    logLevel: "error",
  });
  return resolve(outDir, "program.js");
}
