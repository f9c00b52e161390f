import { exitCodes } from "./exit-codes.ts";
import { outliveLostOutput } from "./lost-output.ts";

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
  outliveLostOutput();
  try {
    await task(abort.signal, onSignal);
  } catch (error) {
    process.exitCode = await toExitCode(error, abort.signal);
  } finally {
    process.off("SIGINT", onSignal);
    process.off("SIGTERM", onSignal);
  }
}
