import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { parseRunFlags, type RunFlags } from "./run-flags.ts";

/**
 * The docker command: where DaoChain runs as its plugin, the one that started it, else the first on the PATH.
 * @throws DOCKER_COMMAND_MISSING
 */
export function findDockerClient({ env, plugin }: Context): string {
  const name = (plugin && env["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"]) || "docker";
  if (process.platform === "win32") return name;
  const candidates = name.includes("/")
    ? [name]
    : (env["PATH"] ?? "").split(delimiter).map((directory) => join(directory || ".", name));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw library.failure("DOCKER_COMMAND_MISSING", { command: name });
}

/**
 * What flags the docker command's `run` takes, in its own words. It is asked away from any daemon: some leave out what a daemon that they
 * reach does not know, and then nobody could tell where the image stands.
 * @throws DOCKER_FLAGS_UNKNOWN
 */
export async function readRunFlags({ env, signal }: Context, client: string): Promise<RunFlags> {
  const away = { ...env, DOCKER_HOST: "unix:///nonexistent", DOCKER_CONTEXT: undefined };
  const failure = (cause?: unknown) =>
    library.failure("DOCKER_FLAGS_UNKNOWN", { command: client }, { cause });
  const options = { env: away, timeout: 10_000, maxBuffer: 1 << 20, signal };
  const help = await new Promise<string>((resolve, reject) => {
    execFile(client, ["run", "--help"], options, (cause, stdout) => {
      if (cause === null) resolve(stdout);
      else reject(failure(cause));
    });
  });
  const flags = parseRunFlags(help);
  if (!flags.has("rm") || !flags.has("pull")) throw failure();
  return flags;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
