import { resolve } from "node:path";
import manifest from "../../package.json" with { type: "json" };
import type { Rollback } from "../../src/internal.ts";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";
import { exitCodes } from "../exit-codes.ts";
import { formatBytes } from "../output/bytes.ts";
import { sanitizeLine, toJson } from "../output/sanitize.ts";
import { formatTime } from "../output/table.ts";
import type { Words } from "../words/words.ts";

export interface RestoreOptions {
  readonly rollback?: boolean;
}

/** Writes this home into one file. */
export async function backup(context: Context, file: string): Promise<number> {
  const { home, signal } = context;
  const words = context.words.backup;
  const path = resolve(file);
  const { chain, accounts, passwords, left, bytes } = await library.backUp(home, path, {
    version: manifest.version,
    signal,
  });
  if (context.json) {
    context.result(toJson({ file: path, bytes, home: home.directory, chain, accounts, passwords, left }));
  } else if (!context.quiet) {
    context.result(sanitizeLine(words.written(path, formatBytes(bytes))));
    context.result(
      chain === null
        ? words.noChain
        : words.chain(chain.blocks, chain.time === null ? undefined : formatTime(chain.time)),
    );
  }
  // Whoever asked for silence keeps the file all the same.
  const locked = accounts.filter((name) => !passwords.includes(name));
  if (passwords.length > 0) context.note(words.passwords(passwords));
  if (locked.length > 0) context.note(words.keystores(locked));
  if (left.length > 0) context.note(sanitizeLine(words.left(left)));
  return exitCodes.success;
}

/** Makes this home of a backup. */
export async function restore(context: Context, file: string, options: RestoreOptions): Promise<number> {
  const { home, signal } = context;
  const words = context.words.backup;
  const path = resolve(file);
  const { list, rollback } = await library.restore(home, path, {
    rollback: options.rollback === true,
    signal,
  });
  const { createdAt, daochain, chain } = list;
  if (context.json) {
    context.result(
      toJson({ home: home.directory, file: path, createdAt, daochain, chain, rollback: rollback ?? null }),
    );
  } else if (!context.quiet) {
    context.result(sanitizeLine(words.restored(home.directory, path)));
    if (chain !== null && chain.time !== null)
      context.result(words.asOf(chain.blocks, formatTime(chain.time)));
  }
  // That is said whatever else is not.
  if (rollback !== undefined)
    process.stderr.write(`${sanitizeLine(words.rolledBack(lossOf(words, rollback), rollback.kept))}\n`);
  if (chain !== null) context.note(words.next);
  return exitCodes.success;
}

/** What a rollback took back, in words. */
export function lossOf(words: Words["backup"], { from, common }: Rollback): string {
  return from === null ? words.lostUnknown : words.lostBlocks(common + 1, from.blocks);
}
