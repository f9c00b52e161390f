import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import * as library from "../src/internal.ts";
import type { Context } from "./context.ts";
import { liveLines } from "./output/live-lines.ts";
import { sanitizeLine } from "./output/sanitize.ts";

/** Asks for something that must not be seen. @throws CANCELLED */
export async function askHidden(context: Context, question: string): Promise<string> {
  try {
    return await ask(context, question, true);
  } finally {
    process.stderr.write("\n");
  }
}

/**
 * Asks before an act that cannot be undone.
 * @param yes from `--yes`
 * @throws DECLINED where the answer is no; CONFIRMATION_MISSING where nobody can be asked; CANCELLED
 */
export async function confirm(context: Context, question: string, yes: boolean | undefined): Promise<void> {
  if (yes === true) return;
  if (!context.interactive) throw library.failure("CONFIRMATION_MISSING");
  const { yesOrNo, isYes } = context.words.common;
  if (!isYes.test((await ask(context, yesOrNo(question), false)).trim())) throw library.failure("DECLINED");
}

/** @param isHidden whether what is typed stays unseen */
async function ask(context: Context, question: string, isHidden: boolean): Promise<string> {
  liveLines.clear();
  const shown = sanitizeLine(question);
  // The terminal's own echo is off from here on; only then is there a question that somebody could answer.
  const output = isHidden
    ? new Writable({ write: (_chunk, _encoding, done) => done() })
    : (process.stderr as NodeJS.WritableStream);
  const lines = createInterface({ input: process.stdin, output, terminal: true });
  const cancelled = new AbortController();
  lines.once("SIGINT", () => cancelled.abort());
  lines.once("close", () => cancelled.abort());
  if (isHidden) process.stderr.write(shown);
  try {
    // It wipes the line before it writes there, so that it has to know of the question.
    return await lines.question(isHidden ? "" : shown, {
      signal: AbortSignal.any([context.signal, cancelled.signal]),
    });
  } catch {
    throw library.failure("CANCELLED");
  } finally {
    lines.close();
  }
}
