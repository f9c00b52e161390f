#!/usr/bin/env node
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 22 || (major === 22 && minor < 12)) runOnNewerNode();
else {
  // Compiled code is kept between runs, where this user alone can write: whoever can write it can run code here.
  const home = process.env["DAOCHAIN_HOME"] || join(homedir(), ".daochain");
  if (existsSync(home)) module.enableCompileCache(join(home, "cache"));
  const { run } = await import("./run.ts");
  await run(process.argv);
}

/** A checkout brings a Node of its own, for machines whose Node is older than what DaoChain needs. */
function runOnNewerNode(): void {
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
  // A signal from the terminal reaches the newer Node by itself; this one only has to outlive it.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => {});
  const { status, error } = spawnSync(newer, process.argv.slice(1), { stdio: "inherit" });
  if (error !== undefined) throw error;
  process.exitCode = status ?? 1;
}
