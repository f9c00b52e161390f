import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import * as library from "../../src/internal.ts";
import type { Context } from "../context.ts";

/** How long a key that is pressed may wait for names, in milliseconds. */
const namesTime = 300;
/** Names that are offered at most: nobody reads more. */
const maxNames = 1000;

/** Sources that are files or directories, and those that are named. */
const fileTransports = ["oci:", "oci-archive:", "docker-archive:"];
const namedTransports = ["docker://", "docker-daemon:"];

/** Names that may follow, and whether more follows them within the same word. */
export interface Names {
  readonly values: readonly string[];
  readonly isOpen: boolean;
}

/** Images that begin with a text: the engine's by their names, and files behind a transport. What does not answer in time gives none. */
export async function imageNames(context: Context, text: string): Promise<Names> {
  const transport = fileTransports.find((prefix) => text.startsWith(prefix));
  if (transport !== undefined) return pathsBehind(transport, text.slice(transport.length));
  const prefix = text.startsWith("docker-daemon:") ? "docker-daemon:" : "";
  const names = await inTime(engineImages(context));
  const values = startingWith(
    names.map((name) => prefix + name),
    text,
  );
  // Who types a transport goes on with what stands behind it; without a letter of one, it would be in the way.
  const transports = text === "" ? [] : startingWith([...fileTransports, ...namedTransports], text);
  return { values: [...values, ...transports], isOpen: values.length === 0 };
}

export async function organisationNames({ home }: Context, text: string): Promise<Names> {
  const { organisation } = await library.readSettings(home).catch(() => ({ organisation: undefined }));
  const known = await inTime(indexedOrganisations(home));
  const values = startingWith(
    [...new Set([...(organisation === undefined ? [] : [organisation]), ...known])],
    text,
  );
  return { values, isOpen: false };
}

/** By the names of their files: nothing of a key is read. */
export async function accountNames({ home }: Context, text: string): Promise<Names> {
  const files = await readdir(home.accounts).catch((): string[] => []);
  const names = files.filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -".json".length));
  return { values: startingWith(names.sort(), text), isOpen: false };
}

/** What a shell takes for one word as it stands; a name with anything else in it is not offered. */
export function isPlain(name: string): boolean {
  return /^[\p{L}\p{N}._:/@+=,-]+$/u.test(name);
}

async function engineImages({ signal }: Context): Promise<string[]> {
  const images = await library.listDaemonImages({
    signal: AbortSignal.any([signal, AbortSignal.timeout(namesTime)]),
  });
  return images.flatMap(({ names }) => names);
}

async function indexedOrganisations(home: library.Home): Promise<string[]> {
  const profile = await library.readNetworkProfile(home);
  if (profile === undefined) return [];
  const index = library.openReadOnlyCatalogue(home.catalogue, profile);
  try {
    return index?.organisations() ?? [];
  } finally {
    index?.close();
  }
}

async function pathsBehind(transport: string, text: string): Promise<Names> {
  const directory = text.endsWith("/") ? text : dirname(text);
  const shown = text.includes("/") ? text.slice(0, text.lastIndexOf("/") + 1) : "";
  const entries = await inTime(readdir(directory === "" ? "." : directory, { withFileTypes: true }));
  const paths = entries
    .filter(({ name }) => !name.startsWith(".") || text.slice(shown.length).startsWith("."))
    .map((entry) => transport + join(shown, entry.name) + (entry.isDirectory() ? "/" : ""));
  return { values: startingWith(paths.sort(), transport + text), isOpen: true };
}

function startingWith(names: readonly string[], text: string): string[] {
  return names.filter((name) => name.startsWith(text) && isPlain(name)).slice(0, maxNames);
}

/** Nothing where it fails or takes too long: whoever presses a key is told of no errors. */
async function inTime<T>(names: Promise<T[]>): Promise<T[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T[]>((resolve) => {
    timer = setTimeout(() => resolve([]), namesTime);
  });
  try {
    return await Promise.race([names, late]);
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}
