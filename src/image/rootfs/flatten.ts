import { failure } from "../../errors.ts";
import { say } from "../../messages/message.ts";
import type { LayerEntry } from "./layer.ts";
import { show } from "./show.ts";
import { type Inode, newNode, plainDirectory, type TreeNode } from "./tree.ts";

/** What a stack of layers unpacks to. */
export interface Flattened {
  readonly root: TreeNode;
  /** why engines would not make the same of it; empty where they do */
  readonly doubts: readonly string[];
  /** directories whose owner and permissions engines set differently; what is in them they agree about */
  readonly loose: number;
}

const DOUBT_LIMIT = 20;
/** directories that entries lie in and none names, and the bytes of their paths together */
const MADE_LIMIT = 500_000;
const MADE_LENGTH_LIMIT = 128 * 2 ** 20;
const CLEARED_LIMIT = 10_000_000;
const whiteout = ".wh.";
const opaque = ".wh..wh..opq";

/** What one layer holds. */
export interface LayerTree {
  readonly entries: readonly LayerEntry[];
  /** why its bytes are not a tar archive, or one that engines do not agree about */
  readonly damage: string | undefined;
}

/**
 * Unpacks layers one onto the other (OCI image-spec 1.1, layer.md, "Applying Changesets"), as far as all engines do it alike; what they do
 * each in its own way is named as a doubt (docs/specs/runtime.md, "Layers").
 * @param layers from the lowest to the uppermost
 * @throws IMAGE_LIMIT_EXCEEDED
 */
export function flattenLayers(layers: readonly LayerTree[]): Flattened {
  const flattening = new Flattening({ whiteouts: true });
  for (const { entries, damage } of layers) {
    flattening.startLayer();
    if (damage !== undefined) flattening.doubt(`a layer is not one that all engines unpack: ${damage}`);
    for (const entry of entries) flattening.add(entry);
  }
  return flattening.finish();
}

/** Puts entries in their places. */
export class Flattening {
  readonly #root = newNode(plainDirectory(), 0);
  readonly #doubts = new Set<string>();
  readonly #whiteouts: boolean;
  #layer = 0;
  /** names that this layer hides from those below it */
  #hidden = new Set<string>();
  /** marks that hide, by path: of this layer */
  #marks = new Set<string>();
  #made = 0;
  #madeLength = 0;
  #cleared = 0;

  /** @param options.whiteouts whether names that begin with `.wh.` hide others: in layers they do, in an export they are files */
  constructor(options: { readonly whiteouts: boolean }) {
    this.#whiteouts = options.whiteouts;
  }

  startLayer(): void {
    this.#layer++;
    this.#hidden = new Set();
    this.#marks = new Set();
  }

  finish(): Flattened {
    return { root: this.#root, doubts: [...this.#doubts], loose: countLoose(this.#root) };
  }

  doubt(what: string): undefined {
    if (this.#doubts.size < DOUBT_LIMIT) this.#doubts.add(what);
  }

  /**
   * Puts one entry of the layer that was started last in its place.
   * @throws IMAGE_LIMIT_EXCEEDED
   */
  add(entry: LayerEntry): undefined {
    const { path, type } = entry;
    // The root directory's own attributes are no part of what an export shows.
    if (path === "") {
      if (type !== "directory") this.doubt("the root is not a directory");
      return undefined;
    }
    const slash = path.lastIndexOf("/");
    const name = path.slice(slash + 1);
    const parent = this.#parentOf(path, slash);
    if (parent?.children === undefined) return undefined;
    if (this.#whiteouts && name.startsWith(whiteout)) return this.#hide(entry, parent, name);
    const before = parent.children.get(name);
    if (before?.named === this.#layer) this.doubt(`${show(path)} is there twice in one layer`);
    if (type === "unknown") return this.doubt(`${show(path)} is of a type that engines do not unpack`);
    if (type === "character" && entry.major === 0 && entry.minor === 0)
      return this.doubt(`${show(path)} is the device 0:0, which hides files`);
    if (before !== undefined && (before.children === undefined) === (type === "directory")) {
      if (before.layer === this.#layer)
        this.doubt(`${show(path)} is a directory and something else in one layer`);
      lose(parent, name);
    }
    if (type === "link") return this.#link(entry, parent.children, name);
    const inode = toInode(entry, type);
    if (before?.children === undefined || type !== "directory") {
      if (type === "directory") this.#refuseHidden(path);
      parent.children.set(name, newNode(inode, this.#layer));
      return undefined;
    }
    before.inode = inode;
    before.layer = this.#layer;
    before.named = this.#layer;
    before.isLoose = false;
  }

  /** The directory that an entry goes into, made where nothing is. */
  #parentOf(path: string, end: number): TreeNode | undefined {
    let node = this.#root;
    let isBeneathLost = false;
    for (let start = 0; start < end; ) {
      const slash = path.indexOf("/", start);
      const stop = slash < 0 || slash > end ? end : slash;
      const name = path.slice(start, stop);
      const children = node.children as Map<string, TreeNode>;
      const isLost = hasLost(node, name);
      // A group that is handed down is handed down by some.
      const isOfGroup = (node.inode.mode & 0o2000) !== 0;
      let child = children.get(name);
      if (child === undefined) {
        child = this.#makeDirectory(path, start, stop);
        if (isBeneathLost)
          this.doubt(`${show(path.slice(0, stop))} is made where a layer has hidden what was there`);
        // One engine looks for its attributes in each layer below by itself, and hands on that it is loose.
        child.isLoose = isLost || node.isLoose || isOfGroup;
        children.set(name, child);
      } else if (child.children === undefined) {
        this.doubt(`${show(path)} lies beneath ${show(path.slice(0, stop))}, which is not a directory`);
        return undefined;
      } else if (child.layer !== this.#layer) {
        // One engine makes the directory anew, another takes over what it was below.
        if (isOfGroup || !isPlain(child.inode)) child.isLoose = true;
        child.layer = this.#layer;
      }
      isBeneathLost ||= isLost;
      node = child;
      start = stop + 1;
    }
    return node;
  }

  /** @throws IMAGE_LIMIT_EXCEEDED */
  #makeDirectory(path: string, start: number, stop: number): TreeNode {
    // A short entry can need thousands of directories.
    this.#made++;
    this.#madeLength += stop;
    if (this.#made > MADE_LIMIT || this.#madeLength > MADE_LENGTH_LIMIT)
      throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-directories") });
    this.#refuseHidden(path.slice(0, stop));
    if (this.#whiteouts && path.startsWith(whiteout, start))
      this.doubt(`${show(path)} lies beneath a mark that hides`);
    const node = newNode(plainDirectory(), this.#layer);
    node.named = 0;
    return node;
  }

  /** A directory that is hidden and made anew in one layer is a new one to some, to others the old one's content shows through. */
  #refuseHidden(path: string): void {
    if (this.#hidden.has(path)) this.doubt(`${show(path)} is hidden and made anew in one layer`);
  }

  #hide(entry: LayerEntry, parent: TreeNode, name: string): undefined {
    const { path } = entry;
    if (entry.type !== "file") this.doubt(`${show(path)} hides a file, but is none itself`);
    if (this.#marks.has(path)) return this.doubt(`${show(path)} is there twice in one layer`);
    this.#marks.add(path);
    if (name === opaque) {
      if (parent === this.#root) this.doubt("a layer hides all below it");
      this.#clear(parent, path.slice(0, -opaque.length));
      parent.lost = "all";
      return undefined;
    }
    // What the aufs file system once kept for itself.
    if (name.startsWith(`${whiteout}${whiteout}`)) return undefined;
    const hidden = name.slice(whiteout.length);
    if (hidden === "" || hidden === "." || hidden === "..")
      return this.doubt(`${show(path)} hides nothing that has a name`);
    const full = path.slice(0, path.length - name.length) + hidden;
    if (parent.children?.get(hidden)?.layer === this.#layer)
      this.doubt(`${show(full)} is both there and hidden in one layer`);
    this.#hidden.add(full);
    lose(parent, hidden);
    parent.children?.delete(hidden);
  }

  /**
   * Takes out what layers below brought, wherever it is beneath.
   * @param prefix the directory's path with a slash, empty for the root
   * @throws IMAGE_LIMIT_EXCEEDED
   */
  #clear(directory: TreeNode, prefix: string): void {
    for (const [name, node] of directory.children ?? []) {
      // Marks in one another can hide the same again and again.
      this.#cleared++;
      if (this.#cleared > CLEARED_LIMIT)
        throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-hidden") });
      if (node.layer !== this.#layer) directory.children?.delete(name);
      else if (node.children !== undefined) {
        const path = prefix + name;
        if (node.named !== this.#layer)
          this.doubt(`${show(path)} is hidden by its layer, which has something in it`);
        this.#clear(node, `${path}/`);
      }
    }
  }

  #link(entry: LayerEntry, children: Map<string, TreeNode>, name: string): undefined {
    let node: TreeNode | undefined = this.#root;
    for (const part of entry.link.split("/")) {
      if (part !== "" && part !== ".") node = node?.children?.get(part);
    }
    if (node?.named !== this.#layer || node.children !== undefined) {
      return this.doubt(
        `${show(entry.path)} is a hard link to ${show(entry.link)}, which its layer has not brought before`,
      );
    }
    if (node.inode.type === "symlink" && entry.capability !== "")
      this.doubt(`${show(entry.path)} is a hard link to a symbolic link, and has an extended attribute`);
    // It is one file: what the link's header says of it holds for all its names.
    const { inode } = node;
    inode.mode = entry.mode;
    inode.uid = entry.uid;
    inode.gid = entry.gid;
    inode.capability = entry.capability;
    children.set(name, newNode(inode, this.#layer));
  }
}

/** Remembers that something under a name does not show any more. */
function lose(directory: TreeNode, name: string): void {
  if (directory.lost === "all") return;
  directory.lost ??= new Set();
  directory.lost.add(name);
}

function hasLost({ lost }: TreeNode, name: string): boolean {
  return lost === "all" || (lost?.has(name) ?? false);
}

function toInode(entry: LayerEntry, type: Inode["type"]): Inode {
  const { mode, uid, gid, link, major, minor, content, capability } = entry;
  return { type, mode, uid, gid, link, major, minor, content, capability };
}

function isPlain({ mode, uid, gid, capability }: Inode): boolean {
  return mode === 0o755 && uid === 0 && gid === 0 && capability === "";
}

function countLoose(root: TreeNode): number {
  let count = root.isLoose ? 1 : 0;
  for (const child of root.children?.values() ?? []) count += countLoose(child);
  return count;
}
