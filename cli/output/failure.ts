import { isDaoChainError, translatorFor } from "../../src/internal.ts";
import { exitCodes } from "../exit-codes.ts";
import type { Language } from "../words/language.ts";
import { wordsIn } from "../words/words.ts";
import { sanitize, toJson } from "./sanitize.ts";

/**
 * Tells a person, or a program, why a command failed.
 * @returns the process's exit code
 */
export async function reportFailure(
  error: unknown,
  signal: AbortSignal,
  { json, language }: { readonly json: boolean; readonly language: Language },
): Promise<number> {
  const { common } = await wordsIn(language);
  if (isDaoChainError(error)) {
    const { code, message, hint, outcome } = error;
    if (json) process.stdout.write(`${toJson({ error: { code, message, hint: hint ?? null } })}\n`);
    const said = (await translatorFor(language)).error(error);
    process.stderr.write(
      `daochain: ${sanitize(said.message)}\n${said.hint === undefined ? "" : `  ${sanitize(said.hint)}\n`}`,
    );
    return exitCodes[outcome];
  }
  if (signal.aborted) {
    process.stderr.write(`daochain: ${common.cancelled}\n`);
    return exitCodes.cancelled;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(`daochain: ${common.defect}\n${sanitize(text)}\n`);
  return exitCodes.defect;
}
