import { createHash, type Hash, hash } from "node:crypto";
import { DaoChainError } from "../../errors.ts";
import type { Budget } from "../blob.ts";
import { TarError } from "../tar/error.ts";
import { type TarEntry, TarParser, type TarVisitor } from "../tar/parser.ts";
import { capabilityOf } from "./capability.ts";
import { show } from "./show.ts";

/** One entry of a layer or of an export. Names are bytes, one character each. */
export interface LayerEntry {
  readonly type: TarEntry["type"];
  /** without leading and trailing slashes, without `.` between them; empty for the root */
  readonly path: string;
  readonly link: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly major: number;
  readonly minor: number;
  /** the file's SHA-256 in hex; empty for everything else */
  content: string;
  /** the extended attribute security.capability in hex; empty where there is none */
  readonly capability: string;
}

/** entries of one layer, with those that only describe others */
const entryLimit = 4_000_000;
const emptyContent = createHash("sha256").digest("hex");

/** Reads the entries of a layer or of an export as its bytes come, and hashes each file. */
export class LayerReader implements TarVisitor {
  readonly #budget: Budget;
  readonly #take: (entry: LayerEntry) => void;
  readonly #parser: TarParser;
  #current: LayerEntry | undefined;
  #size = 0;
  #hash: Hash | undefined;
  #damage: string | undefined;

  /** @param take gets each entry when it is known as a whole */
  constructor(budget: Budget, take: (entry: LayerEntry) => void) {
    this.#budget = budget;
    this.#take = take;
    this.#parser = new TarParser(this, { entries: entryLimit });
  }

  /**
   * Takes the next bytes; what makes them no layer is said at the end.
   * @throws IMAGE_LIMIT_EXCEEDED
   */
  write(chunk: Uint8Array): void {
    if (this.#damage === undefined) this.#guard(() => this.#parser.write(chunk));
  }

  /** @returns why the bytes are not a tar archive, or one that engines do not agree about; undefined where they do */
  finish(): string | undefined {
    if (this.#damage === undefined) this.#guard(() => this.#parser.end());
    return this.#damage;
  }

  /** Whether the two empty blocks that end an archive were there. */
  get isEnded(): boolean {
    return this.#parser.isEnded;
  }

  entry(entry: TarEntry): void {
    const path = normalPath(entry.path);
    this.#budget.spendEntry(path.length + entry.link.length);
    const { type, link, mode, uid, gid, size, major, minor } = entry;
    this.#budget.spendHoles(entry.holes);
    requireXattrs(entry);
    requirePossible(entry);
    const content = type === "file" ? emptyContent : "";
    const capability = capabilityOf(entry.xattrs.get("security.capability"));
    const made = { type, path, link, mode, uid, gid, major, minor, content, capability };
    if (type === "file") {
      this.#current = made;
      this.#size = size;
    } else this.#take(made);
  }

  content(bytes: Uint8Array): undefined {
    const current = this.#current as LayerEntry;
    if (this.#hash === undefined) {
      // Most files come in one piece.
      if (bytes.length === this.#size) {
        current.content = hash("sha256", bytes, "hex");
        return undefined;
      }
      this.#hash = createHash("sha256");
    }
    this.#hash.update(bytes);
    return undefined;
  }

  end(): undefined {
    const current = this.#current as LayerEntry;
    if (this.#hash !== undefined) current.content = this.#hash.digest("hex");
    this.#hash = undefined;
    this.#current = undefined;
    this.#take(current);
    return undefined;
  }

  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      if (error instanceof DaoChainError) throw error;
      if (!(error instanceof TarError)) throw error;
      this.#damage = error.message;
    }
  }
}

/** What engines refuse, or wrap around into something else. */
function requirePossible({ type, link, uid, gid, major, minor }: TarEntry): void {
  if (uid > 0xffff_fffe || gid > 0xffff_fffe)
    throw new TarError("it has a file owned by nobody there can be");
  if (major > 0xfff || minor > 0xf_ffff) throw new TarError("it has a device of numbers that none can have");
  if (type === "symlink" && (link === "" || link.length > 4095))
    throw new TarError("it has a symbolic link to what no path can be");
}

/** Attributes that some engines set, some refuse, and some read as the notes of their own file system. */
function requireXattrs({ type, xattrs, path }: TarEntry): void {
  for (const name of xattrs.keys()) {
    const isAlike = /^(?:user|security)\../.test(name) && type !== "symlink";
    if (isAlike && (name !== "security.capability" || type === "file" || type === "link")) continue;
    throw new TarError(`its ${type} ${show(path)} has the extended attribute ${show(name)}`);
  }
}

/** @throws TarError for a path that climbs, is too long or is none */
export function normalPath(path: string): string {
  if (path === "" || path.includes("\0") || path.length > 4095)
    throw new TarError("it has a name that no file can have");
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  for (const part of parts) {
    if (part === "..") throw new TarError("it has a name that climbs by ..");
    if (part.length > 255) throw new TarError("it has a name that no file can have");
  }
  return parts.join("/");
}
