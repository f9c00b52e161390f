import { exitCodes } from "./exit-codes.ts";
import { outliveLostOutput } from "./lost-output.ts";

/** Why a command was ended, where it was not by a person: the time that `--timeout` gave is over. */
class TimeIsOver extends Error {
  /** as it was typed */
  readonly duration: string;

  constructor(duration: string) {
    super(`--timeout ${duration}`);
    this.duration = duration;
  }
}

/** The longest time that a timer can wait, in milliseconds. */
const longest = 2 ** 31 - 1;

/** How a command is ended before it has come to its end. */
export interface Ending {
  /** aborted by SIGINT, by SIGTERM and by the end of the time that was given */
  readonly signal: AbortSignal;
  /** does what SIGINT does */
  interrupt(): void;
  /**
   * Ends the command once it has taken so long.
   * @param duration in words, for messages
   * @returns takes the limit away again
   */
  endAfter(seconds: number, duration: string): () => void;
}

/** The time that `--timeout` gave, as it was typed, where it is over; undefined where nothing or something else ended the command. */
export function timeThatIsOver(signal: AbortSignal): string | undefined {
  return signal.reason instanceof TimeIsOver ? signal.reason.duration : undefined;
}

/**
 * Does what a command is there for, until it ends or is ended: the first SIGINT or SIGTERM aborts its signal.
 * @param task sets the process's exit code
 * @param toExitCode tells of an error, and what the process ends with
 */
export async function untilEnded(
  task: (ending: Ending) => Promise<void>,
  toExitCode: (error: unknown, signal: AbortSignal) => Promise<number>,
): Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  let signals = 0;
  let timer: NodeJS.Timeout | undefined;
  const interrupt = (): void => {
    abort.abort();
    // Whoever presses it again does not want to wait for a tidy end.
    if (++signals > 1) process.exit(exitCodes.cancelled);
  };
  const endAfter = (seconds: number, duration: string): (() => void) => {
    clearTimeout(timer);
    const time = seconds * 1000;
    // A longer one would end at once; nobody waits for weeks.
    if (time <= longest) timer = setTimeout(() => abort.abort(new TimeIsOver(duration)), time).unref();
    return () => clearTimeout(timer);
  };
  process.on("SIGINT", interrupt);
  process.on("SIGTERM", interrupt);
  outliveLostOutput();
  try {
    await task({ signal, interrupt, endAfter });
  } catch (error) {
    process.exitCode = await toExitCode(error, signal);
  } finally {
    clearTimeout(timer);
    process.off("SIGINT", interrupt);
    process.off("SIGTERM", interrupt);
  }
}
