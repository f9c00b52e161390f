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
  /** what layers below had and nothing shows any more, by path: one engine looks into each layer by itself, and finds it */
  readonly #gone = new Map<string, TreeNode[]>();

  /** @param options.whiteouts whether names that begin with `.wh.` hide others: in layers they do, in an export they are files */
  constructor(options: { readonly whiteouts: boolean }) {
    this.#whiteouts = options.whiteouts;
  }

  startLayer(): void {
    this.#layer++;
    this.#hidden = new Set();
  }

  finish(): Flattened {
    return { root: this.#root, doubts: [...this.#doubts], loose: countLoose(this.#root) };
  }

  doubt(what: string): undefined {
    if (this.#doubts.size < DOUBT_LIMIT) this.#doubts.add(what);
  }

  /** Puts one entry of the layer that was started last in its place. */
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
    if (type === "link") return this.#link(entry, parent.children, name);
    if (type === "unknown") return this.doubt(`${show(path)} is of a type that engines do not unpack`);
    if (type === "character" && entry.major === 0 && entry.minor === 0)
      return this.doubt(`${show(path)} is the device 0:0, which hides files`);
    const inode = toInode(entry, type);
    if (before?.children === undefined || type !== "directory") {
      if (before?.layer === this.#layer)
        this.doubt(`${show(path)} is a directory and something else in one layer`);
      if (type === "directory") {
        this.#refuseHidden(path);
        if (before !== undefined) this.#remember(path, before);
      }
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
    for (let start = 0; start < end; ) {
      const slash = path.indexOf("/", start);
      const stop = slash < 0 || slash > end ? end : slash;
      const name = path.slice(start, stop);
      const children = node.children as Map<string, TreeNode>;
      let child = children.get(name);
      if (child === undefined) {
        const here = path.slice(0, stop);
        this.#refuseHidden(here);
        if (this.#whiteouts && name.startsWith(whiteout))
          this.doubt(`${show(path)} lies beneath a mark that hides`);
        child = newNode(plainDirectory(), this.#layer);
        child.named = 0;
        // A group that is handed down is handed down by some; one hands on that it is.
        child.isLoose = this.#isLeft(here) || node.isLoose || (node.inode.mode & 0o2000) !== 0;
        children.set(name, child);
      } else if (child.children === undefined) {
        this.doubt(`${show(path)} lies beneath ${show(path.slice(0, stop))}, which is not a directory`);
        return undefined;
      } else if (child.layer !== this.#layer) {
        // One engine makes the directory anew, another takes over what it was below.
        if (!isPlain(child.inode)) child.isLoose = true;
        child.layer = this.#layer;
      }
      node = child;
      start = stop + 1;
    }
    return node;
  }

  /** A directory that is hidden and made anew in one layer is a new one to some, to others the old one's content shows through. */
  #refuseHidden(path: string): void {
    if (this.#hidden.has(path)) this.doubt(`${show(path)} is hidden and made anew in one layer`);
  }

  #hide(entry: LayerEntry, parent: TreeNode, name: string): undefined {
    const { path } = entry;
    if (entry.type !== "file") this.doubt(`${show(path)} hides a file, but is none itself`);
    if (name === opaque) {
      if (parent === this.#root) this.doubt("a layer hides all below it");
      this.#clear(parent, path.slice(0, -opaque.length));
      return undefined;
    }
    // What the aufs file system once kept for itself.
    if (name.startsWith(`${whiteout}${whiteout}`)) return undefined;
    const hidden = name.slice(whiteout.length);
    if (hidden === "" || hidden === "." || hidden === "..")
      return this.doubt(`${show(path)} hides nothing that has a name`);
    const full = path.slice(0, path.length - name.length) + hidden;
    if (this.#hidden.has(full) || parent.children?.get(hidden)?.layer === this.#layer)
      this.doubt(`${show(full)} is both there and hidden in one layer`);
    this.#hidden.add(full);
    this.#remember(full, mark);
    parent.children?.delete(hidden);
  }

  /**
   * Takes out what layers below brought, wherever it is beneath.
   * @param prefix the directory's path with a slash, empty for the root
   */
  #clear(directory: TreeNode, prefix: string): void {
    for (const [name, node] of directory.children ?? []) {
      const path = prefix + name;
      if (node.layer === this.#layer) {
        if (node.named !== this.#layer)
          this.doubt(`${show(path)} is hidden by its layer, which has something in it`);
        this.#clear(node, `${path}/`);
      } else {
        this.#remember(path, node);
        directory.children?.delete(name);
      }
    }
  }

  /** Keeps what no longer shows; what is no directory lets nobody see what was there before. */
  #remember(path: string, node: TreeNode): void {
    const before = node.children === undefined ? undefined : this.#gone.get(path);
    this.#gone.set(path, [...(before ?? []), node]);
  }

  /** Whether a layer below left attributes for a directory that is made where nothing shows. */
  #isLeft(path: string): boolean {
    if (this.#gone.size === 0) return false;
    for (let end = path.indexOf("/"); ; end = path.indexOf("/", end + 1)) {
      const top = end < 0 ? path : path.slice(0, end);
      for (const node of this.#gone.get(top) ?? []) {
        const found = this.#descend(node, path, top.length);
        if (found?.inode.type === "symlink") return true;
        if (found?.children !== undefined && (found.isLoose || !isPlain(found.inode))) return true;
      }
      if (end < 0) return false;
    }
  }

  #descend(node: TreeNode, path: string, start: number): TreeNode | undefined {
    if (start === path.length) return node;
    let at: TreeNode | undefined = node;
    for (const name of path.slice(start + 1).split("/")) {
      if (at === undefined) return undefined;
      if (at.children === undefined)
        return this.doubt(`${show(path)} is made where a layer below has something that is no directory`);
      at = at.children.get(name);
    }
    return at;
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

/** What stands for a name that a layer hides, in that layer by itself. */
const mark = newNode({ ...plainDirectory(), type: "character", mode: 0 }, 0);

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
