import { setTimeout as sleep } from "node:timers/promises";
import type { DaoChainError, Translator } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import type { Words } from "../words/words.ts";

/** What doctor looks at. */
export type CheckName = keyof Words["doctor"]["names"];

/** Whose language a sentence is made in. */
export interface Speaker {
  readonly words: Words["doctor"];
  readonly translator: Translator;
}

/** What was found: in order, wrong, or not to be known. */
export interface CheckResult {
  readonly status: keyof Words["doctor"]["statuses"];
  readonly message: (speaker: Speaker) => string;
  /** what mends it, where a command does */
  readonly command?: string | undefined;
}

/** What looks at one thing. It changes nothing, and ends soon after the signal is aborted. */
export type Check = (context: Context, signal: AbortSignal) => Promise<readonly CheckResult[]>;

/** How long a check may take, in milliseconds, and how much longer one that does not listen. */
const checkTime = 4_000;
const grace = 500;

export function ok(message: CheckResult["message"]): CheckResult {
  return { status: "ok", message };
}

/** @param command what mends it, where a command does */
export function wrong(message: CheckResult["message"], command?: string): CheckResult {
  return { status: "finding", message, command };
}

export function unknown(message: CheckResult["message"], command?: string): CheckResult {
  return { status: "unknown", message, command };
}

/** What an error says, and what it says to do. */
export function saying(error: DaoChainError): CheckResult["message"] {
  return ({ words, translator }) => {
    const { message, hint } = translator.error(error);
    return words.failed(message, hint);
  };
}

/** Runs a check within its time. What keeps it from an answer is its answer. @throws CANCELLED */
export async function runCheck(context: Context, check: Check): Promise<readonly CheckResult[]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), checkTime);
  const done = new AbortController();
  const noAnswer = [unknown(({ words }) => words.noAnswer(checkTime / 1000))];
  try {
    const signal = AbortSignal.any([context.signal, late.signal]);
    return await Promise.race([
      check(context, signal),
      sleep(checkTime + grace, noAnswer, { signal: done.signal }),
    ]);
  } catch (error) {
    if (context.signal.aborted) throw library.failure("CANCELLED");
    // A question that several checks share is given up with the first of them.
    if (late.signal.aborted || library.isDaoChainError(error, "CANCELLED")) return noAnswer;
    if (library.isDaoChainError(error)) return [unknown(saying(error))];
    throw error;
  } finally {
    clearTimeout(timer);
    done.abort();
  }
}

/** A word of a command as a shell takes it. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
