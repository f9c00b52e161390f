import { createHash } from "node:crypto";
import { configurationLine, imageConfig, Unreadable } from "./runtime-oracle-config.ts";
import { Doubt, type OracleEntry, readArchive } from "./runtime-oracle-tar.ts";

/** What the specification makes of a stack of layers: one digest, a reason why it has none, or directories of which engines differ. */
export type OracleRuntime =
  | { readonly digest: string }
  | { readonly doubt: string }
  | { readonly loose: readonly string[] };

/** One stack of layers, as test/vectors/runtime.json has it. */
export interface RuntimeVector {
  readonly title: string;
  /** the image's config, as it stands */
  readonly config: string;
  /** tar archives, compressed by gzip, in base64 */
  readonly layers: readonly string[];
  /** null where there is none, and why then */
  readonly digest: string | null;
  readonly why: "doubt" | "loose" | null;
}

/** What several names of one file share. */
interface Body {
  readonly type: string;
  readonly data: string;
  readonly link: string;
  mode: number;
  uid: number;
  gid: number;
  capability: string;
  loose: boolean;
}

/** What stands at each path, and the paths at which layers have lost something. */
interface World {
  readonly bodies: Map<string, Body>;
  readonly lost: Set<string>;
  /** directories in which all was hidden once */
  readonly emptied: Set<string>;
}

const plain = { type: "d", data: "-", link: "", mode: 0o755, uid: 0, gid: 0, capability: "-", loose: false };

/**
 * The runtime digest, written from docs/specs/runtime.md alone, with flat maps and sets where the product keeps a tree. `layers` are
 * uncompressed tar archives, in the order of the config's `diff_ids`.
 */
export function oracleRuntime(configJson: Buffer | string, layers: readonly Buffer[]): OracleRuntime {
  try {
    const { configuration, diffIds } = imageConfig(Buffer.from(configJson));
    if (diffIds.length !== layers.length) throw new Doubt("another number of layers");
    let world: World = { bodies: new Map(), lost: new Set(), emptied: new Set() };
    layers.forEach((layer, at) => {
      if (diffIds[at] !== `sha256:${sha256(layer)}`) throw new Doubt("another layer than the config names");
      world = applied(world, readArchive(layer).entries);
    });
    const loose = [...world.bodies].filter(([, body]) => body.loose).map(([path]) => path);
    if (loose.length > 0) return { loose: loose.sort() };
    return { digest: digestOf(configurationLine(configuration), world.bodies) };
  } catch (error) {
    return { doubt: reason(error) };
  }
}

/** The digest of a container's export and of the configuration that its engine shows for the image. */
export function oracleExport(
  exportTar: Buffer,
  inspectConfig: unknown,
): { digest: string } | { doubt: string } {
  try {
    const { entries, ended } = readArchive(exportTar);
    if (!ended) throw new Doubt("an export that was cut short");
    const nothing: World = { bodies: new Map(), lost: new Set(), emptied: new Set() };
    const { bodies } = applied(nothing, entries, { marks: false });
    return { digest: digestOf(configurationLine(inspectConfig), bodies) };
  } catch (error) {
    return { doubt: reason(error) };
  }
}

function reason(error: unknown): string {
  if (error instanceof Doubt || error instanceof Unreadable) return error.message;
  throw error;
}

/** One layer put upon what lies below it. */
function applied(below: World, entries: readonly OracleEntry[], { marks = true } = {}): World {
  // Each name of a lower layer's file stands for itself: this layer can only replace it.
  const world = new Map([...below.bodies].map(([path, body]) => [path, { ...body }]));
  const lost = new Set(below.lost);
  const emptied = new Set(below.emptied);
  const listed = new Set<string>(); // every name of the archive
  const named = new Set<string>(); // what the layer puts there by an entry of its own
  const passed = new Set<string>(); // directories that the layer needs but has not named (yet)
  const hidden = new Set<string>();
  const own = (path: string) => named.has(path) || passed.has(path);
  const beneath = (path: string) => [...world.keys()].filter((other) => other.startsWith(`${path}/`));
  const isLost = (path: string) => lost.has(path) || emptied.has(parentOf(path));

  const passThrough = (directory: string) => {
    if (hidden.has(directory) && !own(directory))
      throw new Doubt(`beneath what the layer hides: ${directory}`);
    const body = world.get(directory);
    if (body !== undefined && body.type !== "d")
      throw new Doubt(`beneath what is no directory: ${directory}`);
    if (own(directory)) return;
    passed.add(directory);
    const parent = world.get(parentOf(directory)) ?? plain;
    const isOfGroup = (parent.mode & 0o2000) !== 0;
    if (body !== undefined) {
      if (isOfGroup || !isPlain(body)) body.loose = true;
      return;
    }
    if (ancestorsOf(directory).some(isLost)) throw new Doubt(`made where something was: ${directory}`);
    world.set(directory, { ...plain, loose: isOfGroup || parent.loose || isLost(directory) });
  };

  const hide = (path: string) => {
    if (own(path) || beneath(path).some(own)) throw new Doubt(`hides what its layer has: ${path}`);
    hidden.add(path);
    lost.add(path);
    for (const gone of [path, ...beneath(path)]) world.delete(gone);
  };

  const hideAllIn = (directory: string) => {
    if (directory === "") throw new Doubt("hides all in the root");
    emptied.add(directory);
    for (const path of beneath(directory)) {
      if (passed.has(path)) throw new Doubt(`hides a directory that its layer only passes: ${path}`);
      if (!named.has(path)) world.delete(path);
    }
  };

  for (const entry of entries) {
    const { path } = entry;
    if (path === "") {
      if (entry.type !== "d") throw new Doubt("the root is no directory");
      continue;
    }
    if (listed.has(path)) throw new Doubt(`twice: ${path}`);
    listed.add(path);
    const ancestors = ancestorsOf(path);
    if (marks && ancestors.some((one) => nameOf(one).startsWith(".wh.")))
      throw new Doubt(`in a mark: ${path}`);
    for (const ancestor of ancestors) passThrough(ancestor);

    const name = nameOf(path);
    if (marks && name.startsWith(".wh.")) {
      if (entry.type !== "f") throw new Doubt(`a mark that is no file: ${path}`);
      const directory = parentOf(path);
      const hides = name.slice(".wh.".length);
      if (name === ".wh..wh..opq") hideAllIn(directory);
      else if (hides.startsWith(".wh.")) continue;
      else if (["", ".", ".."].includes(hides)) throw new Doubt(`a mark without a name: ${path}`);
      else hide(directory === "" ? hides : `${directory}/${hides}`);
      continue;
    }

    if (entry.type === "c" && entry.data === "0:0") throw new Doubt(`device 0:0: ${path}`);
    const { mode, uid, gid, capability } = entry;
    const before = world.get(path);
    if (before !== undefined && (before.type === "d") !== (entry.type === "d")) lost.add(path);
    if (entry.type === "d") {
      if (hidden.has(path)) throw new Doubt(`a directory after it was hidden: ${path}`);
      world.set(path, { ...plain, mode, uid, gid, capability });
      passed.delete(path);
    } else {
      if (passed.has(path) || beneath(path).some(own))
        throw new Doubt(`no directory, with entries beneath: ${path}`);
      for (const gone of beneath(path)) world.delete(gone);
      if (entry.type === "h") {
        const target = world.get(entry.link);
        if (target === undefined || !named.has(entry.link) || target.type === "d") {
          throw new Doubt(`a hard link to nothing of its layer: ${path}`);
        }
        if (target.type === "l" && capability !== "-")
          throw new Doubt(`capability on a symbolic link: ${path}`);
        Object.assign(target, { uid, gid, capability, ...(target.type === "l" ? {} : { mode }) });
        world.set(path, target);
      } else {
        const { type, data, link } = entry;
        world.set(path, {
          ...plain,
          type,
          data,
          link,
          mode: type === "l" ? 0o777 : mode,
          uid,
          gid,
          capability,
        });
      }
    }
    named.add(path);
  }
  return { bodies: world, lost, emptied };
}

function isPlain({ mode, uid, gid, capability }: Body): boolean {
  return mode === 0o755 && uid === 0 && gid === 0 && capability === "-";
}

/** The directories above a path, the outermost first, without the root. */
function ancestorsOf(path: string): string[] {
  const names = path.split("/");
  return names.slice(1).map((_, at) => names.slice(0, at + 1).join("/"));
}

function parentOf(path: string): string {
  return path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "";
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

const stubs = [
  ".dockerenv",
  "dev",
  "proc",
  "sys",
  "etc/hosts",
  "etc/hostname",
  "etc/resolv.conf",
  "etc/mtab",
];

function digestOf(configuration: string, world: World["bodies"]): string {
  const seen = new Map(
    [...world].filter(([path]) => !stubs.some((stub) => path === stub || path.startsWith(`${stub}/`))),
  );
  const etc = seen.get("etc");
  const filled = [...seen.keys()].some((path) => path.startsWith("etc/"));
  if (etc !== undefined && (etc.type !== "d" || (isPlain(etc) && !filled))) seen.delete("etc");

  const lines = [...seen].sort(([a], [b]) => (a < b ? -1 : 1)).map(([path, body]) => line(path, body));
  const head = Buffer.from(`daochain runtime 1\n${configuration}\n`);
  return `sha256:${sha256(Buffer.concat([head, Buffer.from(lines.join(""), "latin1")]))}`;
}

function line(path: string, { type, mode, uid, gid, data, capability, link }: Body): string {
  return `${type} ${mode.toString(8).padStart(4, "0")} ${uid} ${gid} ${data} ${capability} ${path}\0${link}\0\n`;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}
