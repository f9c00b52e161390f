/** What a name stands for; several names of one layer may share it (hard links). */
export interface Inode {
  readonly type: "file" | "directory" | "symlink" | "character" | "block" | "fifo";
  mode: number;
  uid: number;
  gid: number;
  /** of a symbolic link: its target, bytes, one character each */
  readonly link: string;
  /** of a device */
  readonly major: number;
  readonly minor: number;
  /** of a file: its content's SHA-256 in hex */
  readonly content: string;
  /** security.capability in hex, empty where there is none */
  capability: string;
}

export interface TreeNode {
  inode: Inode;
  /** of a directory: what is in it by name */
  children: Map<string, TreeNode> | undefined;
  /** number of the layer that touched it last, and of the one that last named it rather than something in it */
  layer: number;
  named: number;
  /** engines give this directory different owners and permission bits */
  isLoose: boolean;
  /** of a directory: names in it under which layers hide what others below them have; `all` where that holds for any name */
  lost: Set<string> | "all" | undefined;
}

export function newNode(inode: Inode, layer: number): TreeNode {
  return {
    inode,
    children: inode.type === "directory" ? new Map() : undefined,
    layer,
    named: layer,
    isLoose: false,
    lost: undefined,
  };
}

/** A directory as engines make it where nothing says more. */
export function plainDirectory(): Inode {
  return {
    type: "directory",
    mode: 0o755,
    uid: 0,
    gid: 0,
    link: "",
    major: 0,
    minor: 0,
    content: "",
    capability: "",
  };
}

/** Where engines mount what is theirs, or put files of their own: whatever an image has there, no container sees (docs/specs/runtime.md, "Stubs"). */
const stubs = new Set([
  ".dockerenv",
  "dev",
  "proc",
  "sys",
  "etc/hosts",
  "etc/hostname",
  "etc/resolv.conf",
  "etc/mtab",
]);

/** An entry as the canonical form lists it: path in bytes, one character each. */
export interface CanonicalEntry {
  readonly path: string;
  readonly inode: Inode;
  readonly isLoose: boolean;
}

/**
 * A tree's entries as the canonical form has them: without the root itself and the engine's stubs, in the order of the paths' bytes.
 */
export function listEntries(root: TreeNode): CanonicalEntry[] {
  const entries: CanonicalEntry[] = [];
  const visit = (node: TreeNode, prefix: string): void => {
    for (const [name, child] of node.children ?? []) {
      const path = prefix + name;
      if (stubs.has(path)) continue;
      if (path === "etc" && isEngines(child)) continue;
      entries.push({ path, inode: child.inode, isLoose: child.isLoose });
      visit(child, `${path}/`);
    }
  };
  visit(root, "");
  return entries.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** An `etc` that is no directory is replaced by one; one that holds nothing but stubs may be the engine's own. */
function isEngines({ inode, children }: TreeNode): boolean {
  if (children === undefined) return true;
  if (inode.mode !== 0o755 || inode.uid !== 0 || inode.gid !== 0 || inode.capability !== "") return false;
  return [...children.keys()].every((name) => stubs.has(`etc/${name}`));
}
