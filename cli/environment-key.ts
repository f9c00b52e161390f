import { stat } from "node:fs/promises";
import type { Signer } from "../src/internal.ts";
import * as library from "../src/internal.ts";
import type { Context } from "./context.ts";

/** A private key that the environment gives, which goes before any account. */
export interface EnvironmentKey {
  /** the variable that gives it */
  readonly variable: "DAOCHAIN_PRIVATE_KEY" | "DAOCHAIN_PRIVATE_KEY_FILE";
  readonly signer: Signer;
}

/** Files that others can read, of which that has been said. */
const warned = new Set<string>();

/**
 * The key in DAOCHAIN_PRIVATE_KEY, or in the file that DAOCHAIN_PRIVATE_KEY_FILE names. Of a file that others can read, a warning says so, as ssh
 * does; it is used all the same, since orchestrators mount their secrets so.
 * @returns undefined where the environment gives none
 * @throws PRIVATE_KEY_TWICE, PRIVATE_KEY_FILE_MISSING, KEY_INVALID
 */
export async function environmentKey(context: Context): Promise<EnvironmentKey | undefined> {
  const key = context.env["DAOCHAIN_PRIVATE_KEY"] ?? "";
  const file = context.env["DAOCHAIN_PRIVATE_KEY_FILE"] ?? "";
  if (key !== "" && file !== "") throw library.failure("PRIVATE_KEY_TWICE");
  if (key !== "") return { variable: "DAOCHAIN_PRIVATE_KEY", signer: library.privateKeySigner(key) };
  if (file === "") return undefined;
  const text = await library.readSmallFile(file, 4096);
  if (text === undefined) throw library.failure("PRIVATE_KEY_FILE_MISSING", { file });
  const signer = library.privateKeySigner(text);
  await warnWhereOpen(context, file);
  return { variable: "DAOCHAIN_PRIVATE_KEY_FILE", signer };
}

async function warnWhereOpen(context: Context, file: string): Promise<void> {
  if (process.platform === "win32" || warned.has(file)) return;
  const mode = (await stat(file)).mode & 0o777;
  if ((mode & 0o077) === 0) return;
  warned.add(file);
  context.note(context.words.common.keyFileOpen(file, mode.toString(8).padStart(4, "0")));
}
