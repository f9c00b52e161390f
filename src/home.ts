import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { failure } from "./errors.ts";
import { makePrivateDirectory, readSmallFile, writeFileAtomic } from "./files.ts";

/** Where this user's state lives. */
export interface Home {
  readonly directory: string;
  readonly accounts: string;
  /** file of the registry's index, which may be deleted */
  readonly catalogue: string;
  readonly chain: string;
  /** turns of processes that act as one account */
  readonly locks: string;
  readonly network: string;
  /** directory with a file for each password, generated where nobody was there to choose one */
  readonly passwords: string;
  /** record of blocks that were taken back by restoring an older chain */
  readonly rollbacks: string;
  readonly settings: string;
}

/** What this user chose: the current account and organisation, by name. */
export interface Settings {
  readonly account?: string;
  readonly organisation?: string;
}

/** The files of a home, whether they are there or not. @param directory undefined: `~/.daochain` */
export function homeAt(directory?: string): Home {
  const root = resolve(directory ?? join(homedir(), ".daochain"));
  return {
    directory: root,
    accounts: join(root, "accounts"),
    catalogue: join(root, "catalogue.sqlite"),
    chain: join(root, "chain"),
    locks: join(root, "locks"),
    network: join(root, "network.json"),
    passwords: join(root, "passwords"),
    rollbacks: join(root, "rollbacks.json"),
    settings: join(root, "settings.json"),
  };
}

/** @throws FILE_NOT_JSON, and as `readSmallFile` */
export async function readSettings(home: Home): Promise<Settings> {
  const fields = await readJsonFile(home.settings);
  const text = (key: string): string | undefined => {
    const value = fields?.[key];
    return typeof value === "string" ? value : undefined;
  };
  const account = text("account");
  const organisation = text("organisation");
  return {
    ...(account === undefined ? {} : { account }),
    ...(organisation === undefined ? {} : { organisation }),
  };
}

/**
 * Changes the settings given and keeps the others, also those that only another version of this program knows.
 * @param change undefined takes a setting away
 * @throws NO_SPACE, FILE_UNWRITABLE, DIRECTORY_UNWRITABLE, and as `readSettings`
 */
export async function changeSettings(
  home: Home,
  change: { readonly [Name in keyof Settings]: Settings[Name] | undefined },
): Promise<Settings> {
  const fields = { ...(await readJsonFile(home.settings)), ...change };
  await makePrivateDirectory(home.directory);
  await writeFileAtomic(home.settings, `${JSON.stringify(fields, null, 2)}\n`);
  return readSettings(home);
}

/**
 * A small JSON file that holds one object.
 * @returns undefined where there is no such file
 * @throws FILE_NOT_JSON, and as `readSmallFile`
 */
export async function readJsonFile(path: string): Promise<Record<string, unknown> | undefined> {
  const text = await readSmallFile(path);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Said below.
  }
  throw failure("FILE_NOT_JSON", { path });
}
