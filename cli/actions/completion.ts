import type { Command } from "commander";
import * as library from "../../src/internal.ts";
import { readLine, type Wanted } from "../completion/line.ts";
import { accountNames, imageNames, isPlain, type Names, organisationNames } from "../completion/names.ts";
import { type Shell, scripts } from "../completion/scripts.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { sanitizeLine } from "../output/sanitize.ts";

/** Prints what a shell runs to complete lines. */
export async function printCompletion(context: Context, shell: Shell): Promise<number> {
  context.result(scripts[shell].trimEnd());
  return exitCodes.success;
}

/**
 * Says how a line may go on, as `scripts` has it.
 * @param words behind the program's name; the last one is to be completed
 */
export async function complete(
  context: Context,
  program: Command,
  words: readonly string[],
): Promise<number> {
  const { wanted, text, before, options } = readLine(program, words);
  const { home } = options;
  const inHome = home === undefined ? context : { ...context, home: library.homeAt(home) };
  const paths = wanted.find(({ kind }) => kind === "files" || kind === "directories");
  if (paths !== undefined) {
    context.result(`:${paths.kind}`);
    return exitCodes.success;
  }
  const found = await Promise.all(wanted.map((one) => namesOf(inHome, one, text)));
  const lines = found.flatMap(({ lines: own }) => own);
  const isOpen = lines.length > 0 && found.every(({ isOpen: open, lines: own }) => open || own.length === 0);
  context.result(isOpen ? ":nospace" : ":values");
  for (const [value, about] of lines)
    context.result(about === undefined ? before + value : `${before}${value}\t${sanitizeLine(about)}`);
  return exitCodes.success;
}

async function namesOf(
  context: Context,
  wanted: Wanted,
  text: string,
): Promise<{ lines: (readonly [value: string, about: string | undefined])[]; isOpen: boolean }> {
  if (wanted.kind === "values") {
    const values = wanted.values.filter(({ value }) => value.startsWith(text) && isPlain(value));
    return { lines: values.map(({ value, about }) => [value, about] as const), isOpen: false };
  }
  const { values, isOpen } = await look(context, wanted.kind, text);
  return { lines: values.map((value) => [value, undefined] as const), isOpen };
}

function look(context: Context, kind: Exclude<Wanted["kind"], "values">, text: string): Promise<Names> {
  if (kind === "images") return imageNames(context, text);
  return kind === "accounts" ? accountNames(context, text) : organisationNames(context, text);
}
