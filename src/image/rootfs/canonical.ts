import { createHash } from "node:crypto";
import type { Digest } from "../../digest/digest.ts";
import { type CanonicalEntry, listEntries, type TreeNode } from "./tree.ts";

const letters = {
  file: "f",
  directory: "d",
  symlink: "l",
  character: "c",
  block: "b",
  fifo: "p",
} as const;

/**
 * The runtime digest (docs/specs/runtime.md): SHA-256 over the configuration and the root file system that a container would start with.
 * @param configuration in canonical JSON, as `canonicalConfiguration` gives it
 */
export function runtimeDigest(configuration: string, root: TreeNode): Digest {
  const hash = createHash("sha256");
  hash.update(`daochain runtime 1\n${configuration}\n`);
  let lines: string[] = [];
  for (const entry of listEntries(root)) {
    lines.push(formatEntry(entry));
    if (lines.length < 1000) continue;
    hash.update(Buffer.from(lines.join(""), "latin1"));
    lines = [];
  }
  hash.update(Buffer.from(lines.join(""), "latin1"));
  return `sha256:${hash.digest("hex")}`;
}

/** One entry as bytes, one character each. A NUL ends each name, since nothing else could not be part of one. */
export function formatEntry({ path, inode }: CanonicalEntry): string {
  const { type, mode, uid, gid, content, capability, link, major, minor } = inode;
  // A symbolic link has no permissions of its own.
  const bits = (type === "symlink" ? 0o777 : mode).toString(8).padStart(4, "0");
  const data =
    type === "file" ? content : type === "character" || type === "block" ? `${major}:${minor}` : "-";
  return `${letters[type]} ${bits} ${uid} ${gid} ${data} ${capability || "-"} ${path}\0${link}\0\n`;
}
