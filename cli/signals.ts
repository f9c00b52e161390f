import { exitCodes } from "./exit-codes.ts";

/**
 * Does what a command is there for, until it ends or is ended: the first SIGINT or SIGTERM aborts its signal.
 * @param task sets the process's exit code; is also given what a signal does
 * @param toExitCode tells of an error, and what the process ends with
 */
export async function untilEnded(
  task: (signal: AbortSignal, onSignal: () => void) => Promise<void>,
  toExitCode: (error: unknown, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const abort = new AbortController();
  let signals = 0;
  const onSignal = (): void => {
    abort.abort();
    // Whoever presses it again does not want to wait for a tidy end.
    if (++signals > 1) process.exit(exitCodes.cancelled);
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  // A reader that has seen enough (head) is no error.
  process.stdout.on("error", (error: NodeJS.ErrnoException) =>
    process.exit(error.code === "EPIPE" ? 0 : exitCodes.defect),
  );
  process.stderr.on("error", () => {});
  try {
    await task(abort.signal, onSignal);
  } catch (error) {
    process.exitCode = await toExitCode(error, abort.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
