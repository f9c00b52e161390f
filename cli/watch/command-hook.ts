import { type ChildProcess, spawn } from "node:child_process";
import type { Deliver, HookWords } from "./hooks.ts";

/** How long a command may take, and how long from being asked to end until it is made to, in milliseconds. */
const time = 60_000;
const patience = 3000;
/** What a command has no need of. */
const secrets = [
  "DAOCHAIN_PRIVATE_KEY",
  "DAOCHAIN_PRIVATE_KEY_FILE",
  "DAOCHAIN_PASSWORD_FILE",
  "DAOCHAIN_WEBHOOK_SECRET",
  "DAOCHAIN_WEBHOOK_URL",
];

/**
 * A command that is run for each message, by the shell as its author wrote it. The message is its standard input and nothing else: what a
 * reason or an image's name says never becomes a part of the command. What it prints goes to stderr.
 */
export function toCommand(
  command: string,
  env: Readonly<Record<string, string | undefined>>,
  words: HookWords,
): Deliver {
  const own = Object.fromEntries(Object.entries(env).filter(([name]) => !secrets.includes(name)));
  return (message, signal) =>
    new Promise((resolve, reject) => {
      // A group of its own, so that all of it can be ended, and Ctrl-C is not its end too.
      const child = spawn(command, { shell: true, detached: true, env: own, stdio: ["pipe", 2, 2] });
      let reason: string | undefined;
      let killing: NodeJS.Timeout | undefined;
      const stop = (why: string): void => {
        reason ??= why;
        end(child, "SIGTERM");
        killing ??= setTimeout(() => end(child, "SIGKILL"), patience);
      };
      const timer = setTimeout(() => stop(words.tookTooLong(time / 1000)), time);
      const cancel = (): void => stop(words.stopped);
      signal.addEventListener("abort", cancel, { once: true });
      const done = (): void => {
        clearTimeout(timer);
        clearTimeout(killing);
        signal.removeEventListener("abort", cancel);
      };
      child.once("error", (error) => {
        done();
        reject(error);
      });
      child.once("exit", (code, ending) => {
        done();
        if (reason === undefined && code === 0) resolve();
        else
          reject(new Error(reason ?? (ending === null ? words.endedWith(code ?? 0) : words.endedBy(ending))));
      });
      // A command that does not read its input is none of our business.
      child.stdin?.on("error", () => {});
      child.stdin?.end(`${message}\n`);
    });
}

function end(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    if (process.platform === "win32") child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}
