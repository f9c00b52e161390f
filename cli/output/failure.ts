import { isDaoChainError } from "../../src/index.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitize, toJson } from "./sanitize.ts";

/**
 * Tells a person, or a program, why a command failed.
 * @returns the process's exit code
 */
export function reportFailure(error: unknown, signal: AbortSignal, json: boolean): number {
  if (isDaoChainError(error)) {
    const { code, message, hint, outcome } = error;
    if (json) process.stdout.write(`${toJson({ error: { code, message, hint: hint ?? null } })}\n`);
    process.stderr.write(
      `daochain: ${sanitize(message)}\n${hint === undefined ? "" : `  ${sanitize(hint)}\n`}`,
    );
    return exitCodes[outcome];
  }
  if (signal.aborted) {
    process.stderr.write("daochain: Cancelled.\n");
    return exitCodes.cancelled;
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `daochain: an unexpected error, which is a defect of daochain's:\n${sanitize(text)}\n`,
  );
  return exitCodes.defect;
}
