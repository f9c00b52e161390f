import module from "node:module";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";

/** What people type before a command's name: DaoChain's own program, or docker, of which it is a plugin. */
export type ProgramName = "daochain" | "docker daochain";

/** The oldest Node that has SQLite without a flag. */
const leastNode = { major: 22, minor: 13 };

// Start-up is part of every command: nothing is imported here that a command may not need.

/** Runs the command line that this process was given. */
export async function start(name: ProgramName): Promise<void> {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  if (major < leastNode.major || (major === leastNode.major && minor < leastNode.minor))
    return runOnNewerNode();
  if (major < 24) silenceExperimentalWarnings();
  // Compiled code is kept between runs, where this user alone can write: whoever can write it can run code here. Under sudo,
  // HOME may still be another's.
  const { XDG_CACHE_HOME, HOME, NODE_COMPILE_CACHE } = process.env;
  const root = XDG_CACHE_HOME || HOME;
  if (root && NODE_COMPILE_CACHE === undefined && isOwn(root)) {
    module.enableCompileCache(join(root, XDG_CACHE_HOME ? "" : ".cache", "daochain"));
  }
  // What a large image's files are noted in lives on until the end. V8 would take that for a reason to give what is new 130 MB of room,
  // which it does not need: it takes no more time without.
  setFlagsFromString("--semi-space-growth-factor=1");
  // Alone on a terminal, it is the browser that is meant. It needs no command line to be read.
  const [, , command = "tui", ...more] = process.argv;
  if (name === "daochain" && command === "tui" && more.length === 0) {
    const { canDraw } = await import("./terminal.ts");
    if (canDraw(process.env)) return (await import("./browse.ts")).browse();
  }
  const { run } = await import("./execute.ts");
  await run(process.argv, name);
}

/** A checkout brings a Node of its own, for machines whose Node is older than what DaoChain needs. */
async function runOnNewerNode(): Promise<void> {
  let newer: string;
  try {
    newer = module.createRequire(import.meta.url).resolve("node/bin/node");
  } catch {
    (await import("./lost-output.ts")).outliveLostOutput();
    process.stderr.write(
      `daochain: Node ${process.versions.node} is too old; daochain needs ${leastNode.major}.${leastNode.minor} or later.\n`,
    );
    process.exitCode = 2;
    return;
  }
  const { runInForeground } = await import("./foreground.ts");
  process.exitCode = await runInForeground(newer, process.argv.slice(1), { env: process.env });
}

/** Node 22 says of SQLite that it is experimental, which is nothing that a user of ours can do anything about. */
function silenceExperimentalWarnings(): void {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...more: unknown[]): void => {
    if (more[0] !== "ExperimentalWarning") Reflect.apply(emitWarning, process, [warning, ...more]);
  };
}

function isOwn(directory: string): boolean {
  // An import would read all of its exports, and with these load the promises that nothing here needs.
  const { statSync } = process.getBuiltinModule("node:fs");
  const owner = statSync(directory, { throwIfNoEntry: false })?.uid;
  return owner !== undefined && owner === (process.geteuid?.() ?? owner);
}
