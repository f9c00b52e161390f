#!/usr/bin/env node
import module from "node:module";
import { join } from "node:path";

// Start-up is part of every command: nothing is imported here that a command may not need.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) await runOnNewerNode();
else {
  // Compiled code is kept between runs, where this user alone can write: whoever can write it can run code here. Under sudo,
  // HOME may still be another's.
  const { XDG_CACHE_HOME, HOME, NODE_COMPILE_CACHE } = process.env;
  const root = XDG_CACHE_HOME || HOME;
  if (root && NODE_COMPILE_CACHE === undefined && isOwn(root)) {
    module.enableCompileCache(join(root, XDG_CACHE_HOME ? "" : ".cache", "daochain"));
  }
  const { run } = await import("./run.ts");
  await run(process.argv);
}

/** A checkout brings a Node of its own, for machines whose Node is older than what DaoChain needs. */
async function runOnNewerNode(): Promise<void> {
  let newer: string | undefined;
  try {
    newer = module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    process.stderr.write(
      `daochain: Node ${process.versions.node} is too old; daochain needs 22.12 or later.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const { spawnSync } = await import("node:child_process");
  // A signal from the terminal reaches the newer Node by itself; this one only has to outlive it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  const { status, error } = spawnSync(newer, process.argv.slice(1), { stdio: "inherit" });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}

function isOwn(directory: string): boolean {
  // An import would read all of its exports, and with these load the promises that nothing here needs.
  const { statSync } = process.getBuiltinModule("node:fs");
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner === (process.geteuid?.() ?? owner);
}
