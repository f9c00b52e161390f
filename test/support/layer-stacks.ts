import type { Dialect, LayerEntry } from "./layer-tar.ts";

/** One stack of layers in a directory of its own, so that many of them can stand side by side in one image. */
export interface World {
  /** the directory's name */
  readonly directory: string;
  /** what makes this world again */
  readonly seed: number;
  /** from the lowest to the uppermost; names begin with the directory */
  readonly layers: readonly (readonly LayerEntry[])[];
}

/** Numbers from 0 up to 1 that a seed decides (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * A random stack over few names, so that entries meet: what a builder would write, with as much disorder among it as the seed says.
 * @param directory a path component, without slashes
 */
export function randomWorld(seed: number, directory: string): World {
  const random = seeded(seed);
  // Half of the worlds are as builders write them; the others break one rule in eight, or every other.
  const care = pick(random, [1, 1, 1, 1, 0.9, 0.9, 0.5, 0]);
  const builder = new StackBuilder(random, directory, care);
  const count = 1 + Math.floor(random() * 4);
  return { directory, seed, layers: Array.from({ length: count }, () => builder.layer()) };
}

/** The layers of an image that holds all these worlds: their directories come first. */
export function sideBySide(worlds: readonly World[]): LayerEntry[][] {
  const count = Math.max(...worlds.map(({ layers }) => layers.length));
  const directories = worlds.map(({ directory }) => ({ name: `${directory}/` }));
  return Array.from({ length: count }, (_, index) => [
    ...(index === 0 ? directories : []),
    ...worlds.flatMap(({ layers }) => layers[index] ?? []),
  ]);
}

const names = ["a", "b", "c"];
const types = ["file", "file", "file", "directory", "directory", "symlink", "hardlink", "device", "fifo"];
const dialects: readonly Dialect[] = ["ustar", "ustar", "pax", "gnu", "v7"];
const fileModes = [0o644, 0o644, 0o755, 0o600, 0o4755, 0o2755, 0];
const directoryModes = [0o755, 0o755, 0o755, 0o700, 0o1777, 0o2755, 0o2770];
const owners = [0, 0, 0, 5, 65534, 3_000_000];
const capability = Buffer.from("0100000200040000000400000000000000000000", "hex");

type Standing = "directory" | "other" | "file";

/** Remembers what stands where, to know which entry would break a rule; whether it is written all the same is for chance to say. */
class StackBuilder {
  readonly #random: () => number;
  readonly #directory: string;
  readonly #care: number;
  /** what layers below leave, by path */
  #below = new Map<string, Standing>();
  /** what this layer has given, by path; "hidden" for what it has hidden */
  #given = new Map<string, Standing | "hidden">();
  #entries: LayerEntry[] = [];
  /** how this layer's names begin: archivers differ */
  #lead = "";

  constructor(random: () => number, directory: string, care: number) {
    this.#random = random;
    this.#directory = directory;
    this.#care = care;
  }

  layer(): LayerEntry[] {
    this.#entries = [];
    this.#given = new Map();
    this.#lead = pick(this.#random, ["", "", "./", "/"]);
    const steps = 1 + Math.floor(this.#random() * 6);
    for (let step = 0; step < steps; step++) this.#step();
    this.#settle();
    return this.#entries;
  }

  #step(): void {
    const depth = 1 + Math.floor(this.#random() * 3);
    const path = Array.from({ length: depth }, () => pick(this.#random, names)).join("/");
    const chance = this.#random();
    if (chance < 0.13) this.#hide(path);
    else if (chance < 0.15) this.#replace(path);
    else if (chance < 0.22) this.#empty(path);
    else this.#give(path, pick(this.#random, types));
  }

  /** Whether a rule that an entry would break is to be kept. */
  #minds(): boolean {
    return this.#random() < this.#care;
  }

  #give(path: string, type: string): void {
    if (!this.#giveParents(path)) return;
    if (this.#given.has(path) && this.#minds()) return;
    if (type === "hardlink") {
      const target = this.#target(path);
      if (target === undefined) return;
      this.#write(path, { type: "1", linkname: `${pick(this.#random, ["", this.#lead])}${target}` });
      this.#given.set(path, "file");
      return;
    }
    this.#write(path, this.#shape(type));
    this.#given.set(path, type === "directory" ? "directory" : type === "file" ? "file" : "other");
  }

  #shape(type: string): Partial<LayerEntry> {
    const random = this.#random;
    if (type === "directory") return { type: "5", mode: pick(random, directoryModes) };
    if (type === "fifo") return { type: "6" };
    if (type === "device") {
      const numbers = this.#minds() ? [1, 5, 255] : [0, 1];
      return {
        type: pick(random, ["3", "4"]),
        devmajor: pick(random, numbers),
        devminor: pick(random, [0, 3, 300]),
      };
    }
    if (type === "symlink") {
      const target = pick(random, [
        ...names,
        "../a",
        "a/b",
        ".",
        `/${this.#directory}/a`,
        "/nowhere",
        "../../../../x",
      ]);
      return { type: "2", linkname: target, mode: pick(random, [0o777, 0o644]) };
    }
    const content = pick(random, ["", "one", "two", "x".repeat(1 + Math.floor(random() * 1500))]);
    return { type: pick(random, ["0", "0", "0", "\0"]), mode: pick(random, fileModes), content };
  }

  /** A file of this layer to link to. */
  #target(path: string): string | undefined {
    const minds = this.#minds();
    const files = [...this.#given].filter(([name, kind]) => name !== path && (!minds || kind === "file"));
    const [target] = pick(this.#random, files.length > 0 || minds ? files : [...this.#below]) ?? [];
    return target === undefined ? undefined : `${this.#directory}/${target}`;
  }

  /** Gives what a path lies in, where this layer has not; false where the path cannot be given by the rules. */
  #giveParents(path: string): boolean {
    const parts = path.split("/").slice(0, -1);
    for (let count = 1; count <= parts.length; count++) {
      const parent = parts.slice(0, count).join("/");
      const given = this.#given.get(parent);
      if (given === "directory") continue;
      if (given !== undefined) {
        if (this.#minds()) return false;
        continue;
      }
      // Some builders name each directory above a file, some only what has changed.
      if (this.#below.get(parent) !== "directory" && this.#random() < 0.2 && !this.#below.has(parent)) {
        this.#given.set(parent, "directory");
        continue;
      }
      if (this.#minds()) {
        this.#write(parent, this.#shape("directory"));
        this.#given.set(parent, "directory");
      }
    }
    return true;
  }

  #hide(path: string): void {
    if (!this.#below.has(path) && this.#minds()) return;
    if (!this.#giveParents(path)) return;
    if (this.#given.has(path) && this.#minds()) return;
    const slash = path.lastIndexOf("/") + 1;
    this.#write(`${path.slice(0, slash)}.wh.${path.slice(slash)}`, { type: "0" });
    this.#given.set(path, "hidden");
  }

  /** Hides what is below and puts a directory in its place, in one layer. */
  #replace(path: string): void {
    if (this.#below.get(path) !== "directory" || this.#given.has(path)) return;
    this.#hide(path);
    if (this.#given.get(path) !== "hidden") return;
    this.#write(path, this.#shape("directory"));
    this.#given.set(path, "directory");
  }

  #empty(path: string): void {
    if (!this.#giveParents(`${path}/x`)) return;
    const mark = `${path}/.wh..wh..opq`;
    if (this.#given.has(mark) && this.#minds()) return;
    // Builders write it first, most of them.
    if (this.#random() < 0.5 && [...this.#given.keys()].some((name) => name.startsWith(`${path}/`))) return;
    this.#write(mark, { type: "0" });
    this.#given.set(mark, "hidden");
  }

  #write(path: string, entry: Partial<LayerEntry>): void {
    const random = this.#random;
    const isDirectory = entry.type === "5";
    const spelt = random() < 0.05 ? path.replace("/", pick(random, ["//", "/./"])) : path;
    const isLarge = (value: number) => value > 0o7777777;
    const uid = pick(random, owners);
    const gid = pick(random, owners);
    const dialect = pick(random, dialects);
    const hasDevice = entry.devmajor !== undefined;
    const isFile = entry.type === "0" || entry.type === "\0" || entry.type === "1";
    const marked = random() < (isFile ? 0.08 : 0.02) && (isFile || !this.#minds());
    this.#entries.push({
      name: `${this.#lead}${this.#directory}/${spelt}${isDirectory && random() < 0.9 ? "/" : ""}`,
      ...entry,
      uid,
      gid,
      dialect:
        (isLarge(uid) || isLarge(gid)) && dialect !== "gnu"
          ? "pax"
          : hasDevice && dialect === "v7"
            ? "ustar"
            : dialect,
      ...(marked && !path.includes(".wh.")
        ? { pax: { "SCHILY.xattr.security.capability": capability } }
        : {}),
    });
  }

  /** What this layer leaves for the next. */
  #settle(): void {
    for (const [path, kind] of this.#given) {
      const isMark = path.endsWith("/.wh..wh..opq");
      const top = isMark ? path.slice(0, path.lastIndexOf("/")) : path;
      if (kind !== "directory") {
        for (const name of [...this.#below.keys()]) if (name.startsWith(`${top}/`)) this.#below.delete(name);
      }
      if (kind === "hidden" && !isMark) this.#below.delete(path);
    }
    for (const [path, kind] of this.#given) if (kind !== "hidden") this.#below.set(path, kind);
  }
}

function pick<const Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}
