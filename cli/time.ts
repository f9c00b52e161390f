import { type DaoChainError, failure, isDaoChainError, parseDuration } from "../src/internal.ts";
import { type Ending, timeThatIsOver } from "./signals.ts";

/**
 * A moment as people write it, in seconds since 1970: a date or time in ISO 8601 (UTC where no zone is given), or a span from now such as 90d.
 * @param direction 1 for spans ahead of now, -1 for spans back
 * @returns undefined where the text is no moment
 */
export function parseMoment(text: string, direction: 1 | -1): number | undefined {
  const now = Math.floor(Date.now() / 1000);
  const span = parseDuration(text);
  if (span !== undefined) return now + direction * span;
  const iso = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})?)?$/.exec(text);
  if (iso === null) return undefined;
  const seconds = Math.floor(
    Date.parse(iso[1] === undefined || iso[4] !== undefined ? text : `${text}Z`) / 1000,
  );
  return Number.isSafeInteger(seconds) ? seconds : undefined;
}

/**
 * Has a command end once it has taken as long as `--timeout` gives it.
 * @returns takes the limit away again
 * @throws TIMEOUT_INVALID
 */
export function limitTime({ endAfter }: Pick<Ending, "endAfter">, timeout: string | undefined): () => void {
  if (timeout === undefined) return () => {};
  const seconds = parseDuration(timeout);
  if (seconds === undefined || seconds === 0)
    throw failure("TIMEOUT_INVALID", { text: JSON.stringify(timeout.slice(0, 60)) });
  return endAfter(seconds, timeout);
}

/**
 * An error as it is told: what was broken off says why, and which transactions were on their way to the chain by then.
 * @param sent transactions that may still be recorded
 */
export function toTold(error: unknown, signal: AbortSignal, sent: ReadonlySet<string>): unknown {
  const isBrokenOff = signal.aborted && (!isDaoChainError(error) || error.outcome === "cancelled");
  if (!isBrokenOff || isTold(error)) return error;
  const duration = timeThatIsOver(signal);
  const transactions = [...sent].slice(0, shown).join(", ") + (sent.size > shown ? ", …" : "");
  const options = { cause: error };
  if (sent.size > 0) {
    const values = { count: sent.size, transactions };
    return duration === undefined
      ? failure("CANCELLED_AFTER_SENDING", values, options)
      : failure("TIMED_OUT_AFTER_SENDING", { duration, ...values }, options);
  }
  return duration === undefined ? error : failure("TIMED_OUT", { duration }, options);
}

/** Transactions that a message names. */
const shown = 5;

function isTold(error: unknown): error is DaoChainError {
  return isDaoChainError(
    error,
    "TIMED_OUT",
    "TIMED_OUT_AFTER_SENDING",
    "CANCELLED_AFTER_SENDING",
    "PUSHED_SIGNING_CANCELLED",
  );
}
