import { execFile } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as library from "../../src/index.ts";
import type { Context } from "../context.ts";
import { parseRunFlags, type RunFlags } from "./run-flags.ts";

/**
 * The docker command: where DaoChain runs as its plugin, the one that started it, else the first on the PATH.
 * @throws CONFIGURATION_INVALID where there is none
 */
export function findDockerClient({ env, plugin }: Context): string {
  const name = (plugin && env["DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND"]) || "docker";
  if (process.platform === "win32") return name;
  const candidates = name.includes("/")
    ? [name]
    : (env["PATH"] ?? "").split(delimiter).map((directory) => join(directory || ".", name));
  const found = candidates.find(isProgram);
  if (found !== undefined) return found;
  throw new library.DaoChainError(
    "CONFIGURATION_INVALID",
    `There is no command ${name} to start containers with.`,
    {
      hint: "Install Docker's command line (docker-cli), or put it on the PATH.",
    },
  );
}

/**
 * What flags the docker command's `run` takes, in its own words. It is asked away from any daemon: some leave out what a daemon that they
 * reach does not know, and then nobody could tell where the image stands.
 * @throws CONFIGURATION_INVALID
 */
export async function readRunFlags({ env, signal }: Context, client: string): Promise<RunFlags> {
  const away = { ...env, DOCKER_HOST: "unix:///nonexistent", DOCKER_CONTEXT: undefined };
  const failure = (cause?: unknown) =>
    new library.DaoChainError(
      "CONFIGURATION_INVALID",
      `${client} does not tell which flags its run command takes.`,
      {
        hint: "See what docker run --help prints.",
        cause,
      },
    );
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
