import { spawn } from "node:child_process";
import { DaoChainError } from "../../errors.ts";
import type { Environment } from "./options.ts";

const ANSWER_LIMIT = 65_536;

/** What a helper keeps for a registry. */
export interface HelperAnswer {
  readonly username: string;
  readonly secret: string;
}

/**
 * Asks a credential helper: `docker-credential-NAME get`, with the registry on its stdin.
 * @param serverAddress the key that it keeps the credentials under
 * @param options.time until it must have answered, in milliseconds
 * @returns undefined where it has none
 * @throws CONFIGURATION_INVALID, CANCELLED
 */
export async function askCredentialHelper(
  name: string,
  serverAddress: string,
  options: {
    readonly environment: Environment;
    readonly time: number;
    readonly signal?: AbortSignal | undefined;
  },
): Promise<HelperAnswer | undefined> {
  if (!/^[a-zA-Z0-9._-]{1,100}$/.test(name)) {
    throw new DaoChainError(
      "CONFIGURATION_INVALID",
      `Docker's configuration names ${JSON.stringify(name.slice(0, 100))} as a credential helper, which cannot be one.`,
    );
  }
  const program = `docker-credential-${name}`;
  const failed = (what: string, cause?: unknown) =>
    new DaoChainError(
      "CONFIGURATION_INVALID",
      `The credential helper ${program} ${what} for ${serverAddress}.`,
      {
        hint: `Docker's configuration names it; try it with: echo ${serverAddress} | ${program} get`,
        cause,
      },
    );
  const { code, output } = await run(program, serverAddress, options, failed);
  // What it printed is not repeated: it may hold the secret. This sentence is the helpers' protocol for "none".
  if (code !== 0) {
    if (output.includes("credentials not found")) return undefined;
    throw failed(`failed (exit code ${code})`);
  }
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw failed("gave no JSON");
  }
  const { Username: username, Secret: secret } = { ...(answer as Record<string, unknown> | null) };
  if (typeof username !== "string" || typeof secret !== "string") throw failed("gave no credentials");
  return { username, secret };
}

function run(
  program: string,
  input: string,
  {
    environment,
    time,
    signal,
  }: {
    readonly environment: Environment;
    readonly time: number;
    readonly signal?: AbortSignal | undefined;
  },
  failed: (what: string, cause?: unknown) => DaoChainError,
): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ["get"], { env: { ...environment }, stdio: ["pipe", "pipe", "ignore"] });
    const pieces: Buffer[] = [];
    let size = 0;
    const settle = (error?: DaoChainError) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", cancel);
      if (error === undefined) return;
      child.kill("SIGKILL");
      child.stdout.destroy();
      reject(error);
    };
    const cancel = () => settle(new DaoChainError("CANCELLED", `Asking ${program} was cancelled.`));
    const timer = setTimeout(() => settle(failed(`did not answer within ${time / 1000} seconds`)), time);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    child.once("error", (cause) => settle(failed("cannot be run", cause)));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.stdout.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > ANSWER_LIMIT) settle(failed(`gave more than ${ANSWER_LIMIT} bytes`));
      else pieces.push(piece);
    });
    child.once("close", (code) => {
      settle();
      resolve({ code, output: Buffer.concat(pieces).toString("utf8") });
    });
  });
}
