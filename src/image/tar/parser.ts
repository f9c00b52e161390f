import { TarError } from "./error.ts";
import { decimal, hasChecksum, latin1, numberField, textField } from "./numbers.ts";
import { type PaxRecords, parsePax } from "./pax.ts";
import { pieces, SparseMap } from "./sparse.ts";

const types = {
  "\0": "file",
  "0": "file",
  "1": "link",
  "2": "symlink",
  "3": "character",
  "4": "block",
  "5": "directory",
  "6": "fifo",
} as const;

export type TarType = (typeof types)[keyof typeof types] | "unknown";

/** One entry of an archive. Names and values are bytes, one character each. */
export interface TarEntry {
  readonly type: TarType;
  /** as it stands in the archive */
  readonly path: string;
  /** target of a link or symbolic link */
  readonly link: string;
  /** permission bits with set-user-id, set-group-id and sticky */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** of a file's content in bytes, holes included; 0 for everything else */
  readonly size: number;
  /** how much longer a sparse file is than its data in the archive, in bytes; 0 for everything else */
  readonly holes: number;
  readonly major: number;
  readonly minor: number;
  readonly xattrs: ReadonlyMap<string, string>;
}

/** Takes what a parser finds. */
export interface TarVisitor {
  /** The next entry; of a file, its content follows, in at least one piece unless it is empty. */
  entry(entry: TarEntry): void;
  /** @returns what must be awaited before the next call, if anything */
  content(bytes: Uint8Array): Promise<void> | undefined;
  /** The end of a file's content. */
  end(): Promise<void> | undefined;
}

const BLOCK = 512;
/** of an extended header or a long name, in bytes */
const META_LIMIT = 1024 * 1024;
const none: PaxRecords = new Map();

/**
 * Reads a tar archive as it comes: ustar, pax with GNU's sparse formats 0.0, 0.1 and 1.0, GNU with long names and base-256 numbers, and v7
 * (POSIX.1-2017 pax; GNU tar manual, "Basic Tar Format"). What engines read differently from one another is an error.
 */
export class TarParser {
  readonly #visitor: TarVisitor;
  readonly #entryLimit: number;
  readonly #header = Buffer.alloc(BLOCK);
  #headerLength = 0;
  #entries = 0;
  #zeroBlocks = 0;
  #isFollowed = false;
  /** bytes of the entry's data that are still to come, and of what fills up its last block */
  #data = 0;
  #padding = 0;
  #collected: { readonly type: "x" | "g" | "L" | "K"; readonly pieces: Uint8Array[] } | undefined;
  #pax: PaxRecords = none;
  #longPath: string | undefined;
  #longLink: string | undefined;
  #isFile = false;
  #sparse: SparseMap | undefined;

  /**
   * @param options.entries how many headers there may be at most
   */
  constructor(visitor: TarVisitor, options: { readonly entries: number }) {
    this.#visitor = visitor;
    this.#entryLimit = options.entries;
  }

  /** Whether the two empty blocks that end an archive were there. */
  get isEnded(): boolean {
    return this.#zeroBlocks === 2;
  }

  /** Whether anything but zeros came after the end. */
  get isFollowed(): boolean {
    return this.#isFollowed;
  }

  /**
   * Takes the next bytes. Await what it returns, if anything, before the next call.
   * @throws TarError, and what the visitor throws
   */
  write(chunk: Uint8Array, at = 0): Promise<void> | undefined {
    let position = at;
    while (position < chunk.length && !this.isEnded) {
      let wait: Promise<void> | undefined;
      if (this.#data > 0) {
        const end = Math.min(chunk.length, position + this.#data);
        const piece = position === 0 && end === chunk.length ? chunk : chunk.subarray(position, end);
        this.#data -= end - position;
        position = end;
        wait = this.#take(piece);
        if (this.#data === 0) {
          const last = wait === undefined ? this.#finish() : wait.then(() => this.#finish());
          wait = last;
        }
      } else if (this.#padding > 0) {
        const length = Math.min(chunk.length - position, this.#padding);
        this.#padding -= length;
        position += length;
      } else if (this.#headerLength === 0 && chunk.length - position >= BLOCK) {
        wait = this.#readHeader(chunk.subarray(position, position + BLOCK));
        position += BLOCK;
      } else {
        const length = Math.min(chunk.length - position, BLOCK - this.#headerLength);
        this.#header.set(chunk.subarray(position, position + length), this.#headerLength);
        this.#headerLength += length;
        position += length;
        if (this.#headerLength === BLOCK) {
          this.#headerLength = 0;
          wait = this.#readHeader(this.#header);
        }
      }
      if (wait !== undefined) {
        const rest = position;
        return wait.then(() => this.write(chunk, rest));
      }
    }
    if (position < chunk.length) this.#isFollowed ||= chunk.subarray(position).some((byte) => byte !== 0);
    return undefined;
  }

  /** @throws TarError where the archive breaks off within an entry */
  end(): void {
    const isWithin =
      this.#data > 0 ||
      this.#padding > 0 ||
      this.#headerLength > 0 ||
      this.#pax !== none ||
      this.#longPath !== undefined ||
      this.#longLink !== undefined;
    if (isWithin && !this.isEnded) throw new TarError("it ends too early");
  }

  #take(piece: Uint8Array): Promise<void> | undefined {
    if (this.#collected !== undefined) {
      this.#collected.pieces.push(Buffer.from(piece));
      return undefined;
    }
    if (!this.#isFile) return undefined;
    if (this.#sparse === undefined) return this.#visitor.content(piece);
    return this.#expand(piece);
  }

  #finish(): Promise<void> | undefined {
    if (this.#collected !== undefined) {
      const { type, pieces } = this.#collected;
      this.#collected = undefined;
      this.#readMeta(type, Buffer.concat(pieces));
      return undefined;
    }
    if (!this.#isFile) return undefined;
    const sparse = this.#sparse;
    if (sparse !== undefined) return this.#endSparse(sparse);
    return this.#visitor.end();
  }

  #expand(piece: Uint8Array): Promise<void> | undefined {
    const sparse = this.#sparse as SparseMap;
    return pieces(sparse.expand(piece), this.#visitor);
  }

  /** Waits only where the visitor asks for it: one that never does reads all of a piece before the next comes. */
  #endSparse(sparse: SparseMap): Promise<void> | undefined {
    const wait = pieces(sparse.rest(), this.#visitor);
    return wait === undefined ? this.#visitor.end() : wait.then(() => this.#visitor.end());
  }

  #readMeta(type: "x" | "g" | "L" | "K", bytes: Buffer): void {
    // Engines ignore global headers.
    if (type === "g") return;
    if (type === "x") {
      if (this.#pax !== none) throw new TarError("it has two extended headers for one entry");
      this.#pax = parsePax(bytes.toString("latin1"));
      return;
    }
    const name = textField(bytes, 0, bytes.length);
    if (name === "" || (type === "L" ? this.#longPath : this.#longLink) !== undefined)
      throw new TarError("it has a broken long name");
    if (type === "L") this.#longPath = name;
    else this.#longLink = name;
  }

  #readHeader(block: Uint8Array): Promise<void> | undefined {
    if (isZero(block)) {
      this.#zeroBlocks++;
      if (
        this.isEnded &&
        (this.#pax !== none || this.#longPath !== undefined || this.#longLink !== undefined)
      )
        throw new TarError("it ends with a header that belongs to no entry");
      return undefined;
    }
    if (this.#zeroBlocks > 0) throw new TarError("it has an empty block between its entries");
    if (!hasChecksum(block)) throw new TarError("it has a header whose checksum is wrong");
    this.#entries++;
    if (this.#entries > this.#entryLimit)
      throw new TarError(`it has more than ${this.#entryLimit} entries`, { isLimit: true });
    const flag = latin1(block, 156, 157);
    const size = numberField(block, 124, 12);
    if (size === undefined) throw new TarError("it has a header without a size");
    if (flag === "x" || flag === "g" || flag === "L" || flag === "K") {
      if (size > META_LIMIT) throw new TarError("it has a header of more than a megabyte");
      this.#collected = { type: flag, pieces: [] };
      this.#expect(size);
      return size === 0 ? this.#finish() : undefined;
    }
    return this.#readEntry(block, flag, size);
  }

  #expect(size: number): void {
    this.#data = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
  }

  #readEntry(block: Uint8Array, flag: string, ownSize: number): Promise<void> | undefined {
    const pax = this.#pax;
    const longPath = this.#longPath;
    const longLink = this.#longLink;
    this.#pax = none;
    this.#longPath = undefined;
    this.#longLink = undefined;

    const sparsePath = pax.get("GNU.sparse.name") || undefined;
    const paxPath = pax.get("path") || undefined;
    const paxLink = pax.get("linkpath") || undefined;
    if (
      ((paxPath ?? sparsePath) !== undefined && longPath !== undefined) ||
      (paxLink !== undefined && longLink !== undefined)
    )
      throw new TarError("it has an entry with two long names");
    const format = formatOf(block);
    const path = longPath ?? paxPath ?? shortPath(block, format);
    const size = paxNumber(pax, "size") ?? ownSize;
    let type: TarType = Object.hasOwn(types, flag) ? types[flag as keyof typeof types] : "unknown";
    if (flag === "\0" && path.endsWith("/")) type = "directory";
    const hasData = type === "file" || type === "unknown";
    this.#expect(hasData ? size : 0);
    this.#isFile = type === "file";
    this.#sparse = SparseMap.of(pax, size);
    if (this.#sparse !== undefined && !this.#isFile)
      throw new TarError("it has a sparse file that is no file");
    const fullSize = this.#sparse?.size ?? size;
    const hasDevice = (type === "character" || type === "block") && format !== "v7";

    this.#visitor.entry({
      type,
      path: sparsePath ?? path,
      link: type === "link" || type === "symlink" ? (longLink ?? paxLink ?? textField(block, 157, 100)) : "",
      mode: requireNumber(numberField(block, 100, 8)) & 0o7777,
      uid: requireNumber(paxNumber(pax, "uid") ?? numberField(block, 108, 8)),
      gid: requireNumber(paxNumber(pax, "gid") ?? numberField(block, 116, 8)),
      size: type === "file" ? fullSize : 0,
      holes: type === "file" ? Math.max(0, fullSize - size) : 0,
      major: hasDevice ? requireNumber(numberField(block, 329, 8)) : 0,
      minor: hasDevice ? requireNumber(numberField(block, 337, 8)) : 0,
      xattrs: xattrsOf(pax),
    });
    return this.#data === 0 ? this.#finish() : undefined;
  }
}

function isZero(block: Uint8Array): boolean {
  if (block[0] !== 0) return false;
  for (let index = 0; index < BLOCK; index++) if (block[index] !== 0) return false;
  return true;
}

type Format = "ustar" | "star" | "gnu" | "v7";

function formatOf(block: Uint8Array): Format {
  const magic = latin1(block, 257, 265);
  if (magic.startsWith("ustar\0")) return latin1(block, 508, 512) === "tar\0" ? "star" : "ustar";
  return magic === "ustar  \0" ? "gnu" : "v7";
}

function shortPath(block: Uint8Array, format: Format): string {
  const name = textField(block, 0, 100);
  let prefix = "";
  if (format === "ustar" || format === "star") prefix = textField(block, 345, format === "star" ? 131 : 155);
  else if (format === "gnu" && block[345] !== 0) {
    // Two times. Some readers take them for the beginning of the name where they are not numbers.
    const isTime = numberField(block, 345, 12) !== undefined && numberField(block, 357, 12) !== undefined;
    if (!isTime) throw new TarError("it has a header of mixed formats");
  }
  return prefix === "" ? name : `${prefix}/${name}`;
}

function paxNumber(pax: PaxRecords, key: string): number | undefined {
  const text = pax.get(key);
  return text === undefined || text === "" ? undefined : requireNumber(decimal(text));
}

function requireNumber(value: number | undefined): number {
  if (value === undefined) throw new TarError("it has a header with a broken number");
  return value;
}

const xattrKey = "SCHILY.xattr.";
const noXattrs: ReadonlyMap<string, string> = new Map();

function xattrsOf(pax: PaxRecords): ReadonlyMap<string, string> {
  let found: Map<string, string> | undefined;
  for (const [key, value] of pax) {
    // One without a value is one all the same.
    if (!key.startsWith(xattrKey)) continue;
    found ??= new Map();
    found.set(key.slice(xattrKey.length), value);
  }
  return found ?? noXattrs;
}
