import { type Message, say } from "../../messages/message.ts";
import { type CanonicalEntry, type Inode, listEntries, type TreeNode } from "./tree.ts";

export type DifferenceKind =
  | "added"
  | "removed"
  | "type"
  | "content"
  | "mode"
  | "owner"
  | "link"
  | "device"
  | "xattr"
  | "config";

/** One thing in which what would run differs from what the image's layers and config say. */
export interface Difference {
  /** the file, or the name of the configuration's member; bytes that are no UTF-8 as U+FFFD */
  readonly path: string;
  readonly kind: DifferenceKind;
  /** what the layers or the config say; null for what is added */
  readonly expected: string | null;
  /** what a container would get; null for what is removed */
  readonly actual: string | null;
}

/** A configuration in canonical form, and the files beside it. */
export interface Runtime {
  readonly configuration: string;
  readonly root: TreeNode;
}

/**
 * In what two trees and configurations differ, in the order of the paths' bytes, the configuration first.
 * Owner and mode of directories that engines set each in its own way are not compared.
 */
export function compareRuntimes(expected: Runtime, actual: Runtime): Difference[] {
  const differences = compareConfigurations(expected.configuration, actual.configuration);
  const before = listEntries(expected.root);
  const after = listEntries(actual.root);
  for (let i = 0, j = 0; i < before.length || j < after.length; ) {
    const old = before[i];
    const now = after[j];
    if (now === undefined || (old !== undefined && old.path < now.path)) {
      const { path, inode } = old as CanonicalEntry;
      differences.push({ path: toText(path), kind: "removed", expected: describe(inode), actual: null });
      i++;
    } else if (old === undefined || now.path < old.path) {
      differences.push({
        path: toText(now.path),
        kind: "added",
        expected: null,
        actual: describe(now.inode),
      });
      j++;
    } else {
      compareEntries(old, now, differences);
      i++;
      j++;
    }
  }
  return differences;
}

function compareConfigurations(expected: string, actual: string): Difference[] {
  const before = JSON.parse(expected) as Record<string, unknown>;
  const after = JSON.parse(actual) as Record<string, unknown>;
  return Object.keys(before).flatMap((name): Difference[] => {
    const old = JSON.stringify(before[name]);
    const now = JSON.stringify(after[name]);
    return old === now ? [] : [{ path: name, kind: "config", expected: old, actual: now }];
  });
}

function compareEntries(old: CanonicalEntry, now: CanonicalEntry, differences: Difference[]): void {
  const path = toText(old.path);
  const a = old.inode;
  const b = now.inode;
  const check = (kind: DifferenceKind, expected: string, actual: string): void => {
    if (expected !== actual) differences.push({ path, kind, expected, actual });
  };
  check("type", a.type, b.type);
  if (a.type !== b.type) return;
  check("content", a.content, b.content);
  check("link", toText(a.link), toText(b.link));
  check("device", `${a.major}:${a.minor}`, `${b.major}:${b.minor}`);
  if (old.isLoose || now.isLoose) return;
  if (a.type !== "symlink") check("mode", octal(a.mode), octal(b.mode));
  check("owner", `${a.uid}:${a.gid}`, `${b.uid}:${b.gid}`);
  check("xattr", a.capability, b.capability);
}

function describe(inode: Inode): string {
  const owner = `${inode.uid}:${inode.gid}`;
  if (inode.type === "symlink") return `symlink to ${toText(inode.link)}, ${owner}`;
  const content = inode.type === "file" ? `, sha256:${inode.content}` : "";
  return `${inode.type} ${octal(inode.mode)} ${owner}${content}`;
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, "0");
}

function toText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}

/** A difference in words, to follow its path. */
export function explainDifference({ kind, expected, actual }: Difference): Message {
  switch (kind) {
    case "added":
      return say("was-added");
    case "removed":
      return say("was-removed");
    case "content":
      return say("content-changed");
    case "config":
      return say("value-changed", { expected: `${expected}`, actual: `${actual}` });
    case "xattr":
      return say("capabilities-changed", {
        expected: expected || say("no-capabilities"),
        actual: actual || say("no-capabilities"),
      });
    default:
      return say("attribute-changed", { kind, expected: `${expected}`, actual: `${actual}` });
  }
}
