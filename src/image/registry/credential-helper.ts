import { spawn } from "node:child_process";
import { cancelled, type DaoChainError, failure } from "../../errors.ts";
import { type Message, say } from "../../messages/message.ts";
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
 * @throws CREDENTIAL_HELPER_INVALID, CREDENTIAL_HELPER_FAILED, CANCELLED
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
    throw failure("CREDENTIAL_HELPER_INVALID", { name: JSON.stringify(name.slice(0, 100)) });
  }
  const program = `docker-credential-${name}`;
  const failed = (what: Message, cause?: unknown) =>
    failure("CREDENTIAL_HELPER_FAILED", { program, what, registry: serverAddress }, { cause });
  const { code, output } = await run(program, serverAddress, options, failed);
  // What it printed is not repeated: it may hold the secret. This sentence is the helpers' protocol for "none".
  if (code !== 0) {
    if (output.includes("credentials not found")) return undefined;
    throw failed(say("helper-exit", { code: `${code}` }));
  }
  let answer: unknown;
  try {
    answer = JSON.parse(output);
  } catch {
    throw failed(say("helper-no-json"));
  }
  const { Username: username, Secret: secret } = { ...(answer as Record<string, unknown> | null) };
  if (typeof username !== "string" || typeof secret !== "string") throw failed(say("helper-no-credentials"));
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
  failed: (what: Message, cause?: unknown) => DaoChainError,
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
    const cancel = () => settle(cancelled());
    const timer = setTimeout(() => settle(failed(say("helper-silent", { seconds: time / 1000 }))), time);
    signal?.addEventListener("abort", cancel, { once: true });
    if (signal?.aborted) cancel();
    child.once("error", (cause) => settle(failed(say("helper-unrunnable"), cause)));
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    child.stdout.on("data", (piece: Buffer) => {
      size += piece.length;
      if (size > ANSWER_LIMIT) settle(failed(say("helper-too-much", { limit: ANSWER_LIMIT })));
      else pieces.push(piece);
    });
    child.once("close", (code) => {
      settle();
      resolve({ code, output: Buffer.concat(pieces).toString("utf8") });
    });
  });
}
