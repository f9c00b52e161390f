import { Budget } from "../../src/image/blob.ts";
import { type Flattened, flattenLayers } from "../../src/image/rootfs/flatten.ts";
import { LayerReader, type LayerEntry as ReadEntry } from "../../src/image/rootfs/layer.ts";
import { listEntries } from "../../src/image/rootfs/tree.ts";
import { type EngineApi, EngineRefusal, type ExportedEntry } from "./exported-tree.ts";
import { sideBySide, type World } from "./layer-stacks.ts";
import { layerTar } from "./layer-tar.ts";

/** What our own flattening makes of a world. */
export interface OwnWorld {
  readonly world: World;
  readonly flattened: Flattened;
  /** paths of directories whose mode, owner and attributes are the engine's choice */
  readonly loose: ReadonlySet<string>;
  /** one line for each path */
  readonly lines: string;
}

/** Flattens a world by itself, from its layers' bytes. */
export function flattenWorld(world: World): OwnWorld {
  const budget = new Budget();
  const trees = sideBySide([world]).map((layer) => {
    const entries: ReadEntry[] = [];
    const reader = new LayerReader(budget, (entry) => entries.push(entry));
    reader.write(layerTar(layer));
    const damage = reader.finish();
    return { entries, damage };
  });
  const flattened = flattenLayers(trees);
  const entries = listEntries(flattened.root);
  const loose = new Set(entries.filter(({ isLoose }) => isLoose).map(({ path }) => path));
  const lines = entries.map(({ path, inode }) => {
    const { type, mode, uid, gid, link, major, minor, content, capability } = inode;
    const device = type === "character" || type === "block" ? `${major}:${minor}` : "";
    return formatLine(loose, { path, type, mode, uid, gid, device, link, capability, content });
  });
  return { world, flattened, loose, lines: lines.sort().join("\n") };
}

interface Line {
  readonly path: string;
  readonly type: string;
  readonly mode: number;
  readonly uid: number | bigint;
  readonly gid: number | bigint;
  readonly device: string;
  readonly link: string;
  readonly capability: string;
  readonly content: string;
}

function formatLine(loose: ReadonlySet<string>, line: Line): string {
  const { path, type, mode, uid, gid, device, link, content } = line;
  if (loose.has(path) && type === "directory") return `${path} directory`;
  const bits = (type === "symlink" ? 0o777 : mode & 0o7777).toString(8);
  // Only of a file do capabilities do anything.
  const capability = type === "file" ? line.capability : "";
  return `${path} ${type} ${bits} ${uid}:${gid} ${device} ${link} ${capability} ${content}`;
}

const exportedTypes: Readonly<Record<string, string>> = {
  "0": "file",
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo",
};

/** The same lines from an engine's export of many worlds, by the world's directory. */
export function exportedWorlds(
  entries: readonly ExportedEntry[],
  worlds: readonly OwnWorld[],
): Map<string, string> {
  const byPath = new Map(entries.map((entry) => [entry.path, entry]));
  const lines = new Map(worlds.map(({ world }) => [world.directory, [] as string[]]));
  const loose = new Map(worlds.map((own) => [own.world.directory, own.loose]));
  for (const entry of entries) {
    const [directory = ""] = entry.path.split("/", 1);
    const target = entry.type === "1" ? byPath.get(entry.link) : entry;
    if (target === undefined) throw new Error(`The export links ${entry.path} to what it does not hold.`);
    const { mode, uid, gid, device, records, sha256: content } = target;
    const link = entry.type === "1" && target.type !== "2" ? "" : target.link;
    const capability = Buffer.from(records["SCHILY.xattr.security.capability"] ?? "", "latin1").toString(
      "hex",
    );
    const type = exportedTypes[target.type] ?? `type ${target.type}`;
    const line = { path: entry.path, type, mode, uid, gid, device, link, capability, content };
    lines.get(directory)?.push(formatLine(loose.get(directory) ?? new Set(), line));
  }
  return new Map([...lines].map(([directory, all]) => [directory, all.sort().join("\n")]));
}

/** What an engine makes of worlds side by side; of those that it refuses, what it says. */
export async function engineWorlds(
  engine: EngineApi,
  worlds: readonly OwnWorld[],
  tag: string,
): Promise<Map<string, string>> {
  const layers = sideBySide(worlds.map(({ world }) => world)).map(layerTar);
  try {
    return exportedWorlds(await engine.flatten({ layers }, tag, { WorkingDir: "/" }), worlds);
  } catch (error) {
    if (!(error instanceof EngineRefusal)) throw error;
    const [only] = worlds;
    if (only !== undefined && worlds.length === 1) {
      return new Map([[only.world.directory, `refused: ${error.message}`]]);
    }
    // One world that is refused takes the others with it: the halves tell which it was.
    const half = worlds.length >> 1;
    const first = await engineWorlds(engine, worlds.slice(0, half), tag);
    return new Map([...first, ...(await engineWorlds(engine, worlds.slice(half), tag))]);
  }
}
