import { type ChildProcess, spawn } from "node:child_process";
import { constants } from "node:os";
import { isatty } from "node:tty";

/**
 * Gives the terminal, the standard streams and the signals to another program, which this process becomes where it can.
 * @param program a path
 * @param options.stop asks it to end, as SIGTERM does
 * @param options.replace whether this process may become it, rather than stand between it and whoever waits for it
 * @returns its exit code; 128 and the signal's number where a signal ended it. Signals are this process's again then
 */
export async function runInForeground(
  program: string,
  arguments_: readonly string[],
  options: {
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly stop?: AbortSignal | undefined;
    readonly replace?: boolean;
  },
): Promise<number> {
  const env = Object.fromEntries(Object.entries(options.env).filter(([, value]) => value !== undefined));
  if (options.replace === true && process.platform !== "win32" && process.execve !== undefined) {
    process.execve(program, [program, ...arguments_], env);
  }
  // From before it runs, signals are the child's: none may come upon a process that does not listen, not even for a moment.
  let child: ChildProcess | undefined;
  // What is typed at a terminal reaches the child too, which must not get it twice.
  const isOnTerminal = [0, 1, 2].some((descriptor) => isatty(descriptor));
  const giveBack = (["SIGINT", "SIGQUIT", "SIGTERM", "SIGHUP"] as const).map((signal) => {
    const isTyped = isOnTerminal && (signal === "SIGINT" || signal === "SIGQUIT");
    const before = process.listeners(signal);
    const handOn = (): void => {
      if (!isTyped) child?.kill(signal);
    };
    process.on(signal, handOn);
    for (const listener of before) process.off(signal, listener);
    return (): void => {
      for (const listener of before) process.on(signal, listener);
      process.off(signal, handOn);
    };
  });
  try {
    child = spawn(program, arguments_, { env, stdio: "inherit" });
    return await outcome(child, options.stop);
  } finally {
    // What was typed for the child may reach this process after the child has ended.
    await new Promise((resolve) => setTimeout(resolve, 10));
    for (const give of giveBack) give();
  }
}

function outcome(child: ChildProcess, signal: AbortSignal | undefined): Promise<number> {
  const stop = (): void => {
    child.kill("SIGTERM");
  };
  signal?.addEventListener("abort", stop);
  if (signal?.aborted) stop();
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, ending) => {
      signal?.removeEventListener("abort", stop);
      resolve(ending === null ? (code ?? 1) : 128 + constants.signals[ending]);
    });
  });
}
