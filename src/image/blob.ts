import { createHash, type Hash } from "node:crypto";
import type { Transform } from "node:stream";
import { createGunzip } from "node:zlib";
import type { Digest } from "../digest/digest.ts";
import { DaoChainError, failure } from "../errors.ts";
import { JSON_LIMIT } from "../json.ts";
import { say } from "../messages/message.ts";
import type { LayerTree } from "./rootfs/flatten.ts";
import { type LayerEntry, LayerReader } from "./rootfs/layer.ts";
import { hasZstd, ZstdDecompressor } from "./zstd.ts";

/** How the bytes are compressed, by their first bytes: engines go by these too, whatever the media type says. */
export type Compression = "none" | "gzip" | "zstd" | "unsupported";

/** What reading a blob once has shown. */
export interface BlobFacts {
  /** in bytes, as stored */
  readonly size: number;
  /** of the bytes as stored */
  readonly digest: Digest;
  readonly compression: Compression;
  /** of the bytes uncompressed; undefined where they could not be */
  readonly content: Digest | undefined;
  /** the bytes, where they look like JSON of at most 4 MiB */
  readonly bytes: Uint8Array | undefined;
  /** that it begins as a tar archive does, or in another way that some engine unpacks, though nothing here says that it is compressed */
  readonly beginsAsArchive?: true;
  /** its files, where they were asked for and the bytes are those of a tar archive or of nothing else */
  readonly tree: LayerTree | undefined;
}

/** How much of a blob is to be learnt. */
export interface BlobOptions {
  /** uncompress it; without, only what is stored is hashed */
  readonly content: boolean;
  /** list and hash the files that it would unpack to */
  readonly tree: boolean;
}

/** What a blob is to the image, and its media type as its descriptor has it. */
export interface BlobRole {
  readonly role: "manifest" | "config" | "layer";
  readonly mediaType: string;
  /** of a layer: how it is to be read */
  readonly options?: BlobOptions;
}

/** Blobs by their name in the layout or archive, such as `blobs/sha256/...`. */
export interface BlobStore {
  /**
   * Reads one, or remembers what reading it has shown.
   * @param size in bytes, where a descriptor says it: of a longer blob no more than one byte beyond need be read
   * @param as what it is to be: a registry keeps manifests and blobs apart
   * @returns undefined where there is none
   */
  read(name: string, size?: number, as?: BlobRole): Promise<BlobFacts | undefined>;
}

/** What one inspection may read, uncompressed and in memory; shared by all its blobs. */
export class Budget {
  #uncompressed = 256 * 2 ** 30;
  #json = 64 * 2 ** 20;
  #entries = 2_000_000;
  #names = 256 * 2 ** 20;
  #holes = 8 * 2 ** 30;

  /** @throws IMAGE_LIMIT_EXCEEDED */
  spendUncompressed(bytes: number): void {
    this.#uncompressed -= bytes;
    if (this.#uncompressed < 0) throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-unpacked") });
  }

  /**
   * Zeros that a sparse file does not store: a few bytes can stand for any number of them.
   * @throws IMAGE_LIMIT_EXCEEDED
   */
  spendHoles(bytes: number): void {
    this.#holes -= bytes;
    if (this.#holes < 0) throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-holes") });
  }

  /** @throws IMAGE_LIMIT_EXCEEDED */
  spendJson(bytes: number): void {
    this.#json -= bytes;
    if (this.#json < 0) throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-json") });
  }

  /**
   * One file, directory or link in a layer.
   * @param length of its names, in bytes
   * @throws IMAGE_LIMIT_EXCEEDED
   */
  spendEntry(length: number): void {
    this.#entries--;
    this.#names -= length;
    if (this.#entries < 0 || this.#names < 0)
      throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-files") });
  }
}

const HEAD = 6;

function compressionOf(head: Uint8Array): Compression {
  const starts = (...magic: number[]) => magic.every((byte, index) => head[index] === byte);
  if (starts(0x1f, 0x8b, 0x08)) return "gzip";
  if (starts(0x28, 0xb5, 0x2f, 0xfd)) return hasZstd ? "zstd" : "unsupported";
  // bzip2 and xz: engines unpack them, we do not, and nobody ships them.
  return starts(0x42, 0x5a, 0x68) || starts(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0) ? "unsupported" : "none";
}

/** A frame of zstd that holds nothing, as some writers begin with (RFC 8878, 3.1.2). */
function isSkippable([kind = 0, a, b, c]: Uint8Array): boolean {
  return (kind & 0xf0) === 0x50 && a === 0x2a && b === 0x4d && c === 0x18;
}

/** A stream that undoes the compression. */
export function createDecompressor(compression: "gzip" | "zstd"): Transform {
  const chunkSize = 256 * 1024;
  return compression === "gzip" ? createGunzip({ chunkSize }) : new ZstdDecompressor(chunkSize);
}

/** What the first bytes say of a whole file's compression. */
export function detectCompression(firstBytes: Uint8Array): Compression {
  return compressionOf(firstBytes.subarray(0, HEAD));
}

/** Where in a tar's header its checksum stands (POSIX 1003.1, "pax", ustar). */
const checksum = { at: 148, length: 8 } as const;
const BLOCK = 512;

/**
 * Whether a reader of tar would take these for an archive's first bytes. A document can be made to look like one, so that only the
 * header's checksum tells them apart.
 * @param first the first block, or less where there is no more
 */
function startsLikeTar(first: Uint8Array): boolean {
  if (first.length < BLOCK) return false;
  const field = Buffer.from(first.subarray(checksum.at, checksum.at + checksum.length)).toString("latin1");
  // Readers differ in what they let follow the digits.
  const stored = field.replace(/^[ \0]+/, "").match(/^[0-7]+/)?.[0];
  // An archive without files is of zeros alone.
  if (stored === undefined) return first.every((byte) => byte === 0);
  let [unsigned, signed] = [0, 0];
  for (const [at, byte] of first.entries()) {
    const counted = at >= checksum.at && at < checksum.at + checksum.length ? 0x20 : byte;
    unsigned += counted;
    signed += counted < 128 ? counted : counted - 256;
  }
  const expected = Number.parseInt(stored, 8);
  return expected === unsigned || expected === signed;
}

/** Whether some engine might unpack a blob to files. */
export function mayUnpack({ size, compression, beginsAsArchive }: BlobFacts): boolean {
  return size === 0 || compression !== "none" || beginsAsArchive === true;
}

/** Hashes a blob as stored and uncompressed in one pass, in constant memory. */
export class BlobReader {
  readonly #budget: Budget;
  readonly #options: BlobOptions;
  readonly #entries: LayerEntry[] = [];
  #layer: LayerReader | undefined;
  readonly #stored = createHash("sha256");
  #block = new Uint8Array();
  #head: Uint8Array[] | undefined = [];
  #size = 0;
  #compression: Compression = "none";
  #inflated: { readonly stream: Transform; readonly hash: Hash; failure?: unknown } | undefined;
  #kept: Uint8Array[] | undefined;

  constructor(budget: Budget, options: BlobOptions = { content: true, tree: false }) {
    this.#budget = budget;
    this.#options = options;
    if (options.tree) this.#layer = new LayerReader(budget, (entry) => this.#entries.push(entry));
  }

  /** Takes the next bytes. Await what it returns, if anything, before the next call. */
  write(chunk: Uint8Array): Promise<void> | undefined {
    this.#stored.update(chunk);
    this.#size += chunk.length;
    if (this.#block.length < BLOCK)
      this.#block = Buffer.concat([this.#block, chunk.subarray(0, BLOCK - this.#block.length)]);
    if (this.#head === undefined) return this.#pass(chunk);
    this.#head.push(this.#size < HEAD ? Buffer.from(chunk) : chunk);
    return this.#size < HEAD ? undefined : this.#begin();
  }

  /** @throws IMAGE_LIMIT_EXCEEDED */
  async end(): Promise<BlobFacts> {
    if (this.#head !== undefined) await this.#begin();
    const digest: Digest = `sha256:${this.#stored.digest("hex")}`;
    const content = this.#compression === "none" ? digest : await this.#endInflated();
    return {
      size: this.#size,
      digest,
      compression: this.#compression,
      content,
      bytes: this.#kept === undefined ? undefined : Buffer.concat(this.#kept),
      ...(startsLikeTar(this.#block) || isSkippable(this.#block) ? { beginsAsArchive: true } : {}),
      tree: this.#layer === undefined ? undefined : { damage: this.#layer.finish(), entries: this.#entries },
    };
  }

  /** Frees what an unfinished blob holds. */
  destroy(): void {
    this.#inflated?.stream.destroy();
  }

  #begin(): Promise<void> | undefined {
    const [first = new Uint8Array(), ...more] = this.#head ?? [];
    const head = more.length === 0 ? first : Buffer.concat([first, ...more]);
    this.#head = undefined;
    this.#compression = compressionOf(head);
    // JSON starts with a brace, a bracket or white space; a layer does so only if it is made to.
    if (/^[\s{[]/.test(String.fromCharCode(head[0] ?? 0))) this.#kept = [];
    if (this.#options.content && (this.#compression === "gzip" || this.#compression === "zstd"))
      this.#startInflating(this.#compression);
    return this.#pass(head);
  }

  #pass(chunk: Uint8Array): Promise<void> | undefined {
    if (this.#kept !== undefined) {
      // What is kept is copied: a view would hold on to the whole piece of the archive that it is part of.
      if (this.#size > JSON_LIMIT) this.#kept = undefined;
      else {
        this.#budget.spendJson(chunk.length);
        this.#kept.push(Buffer.from(chunk));
      }
    }
    if (this.#compression === "none") this.#layer?.write(chunk);
    const inflated = this.#inflated;
    if (inflated === undefined || inflated.failure !== undefined || inflated.stream.readableEnded)
      return undefined;
    // Until it has been used up, since its memory may be used for the next one.
    return new Promise((resolve) => {
      const done = () => {
        inflated.stream.off("end", done).off("close", done);
        resolve();
      };
      // One that fails, or is over before its bytes are, does not call back.
      inflated.stream.on("end", done).on("close", done).write(chunk, done);
    });
  }

  #startInflating(compression: "gzip" | "zstd"): void {
    const inflated: { stream: Transform; hash: Hash; failure?: unknown } = {
      stream: createDecompressor(compression),
      hash: createHash("sha256"),
    };
    inflated.stream.on("data", (bytes: Uint8Array) => {
      try {
        this.#budget.spendUncompressed(bytes.length);
        inflated.hash.update(bytes);
        this.#layer?.write(bytes);
      } catch (error) {
        inflated.stream.destroy(error instanceof Error ? error : undefined);
      }
    });
    inflated.stream.on("error", (error) => {
      inflated.failure = error;
    });
    this.#inflated = inflated;
  }

  async #endInflated(): Promise<Digest | undefined> {
    const inflated = this.#inflated;
    if (inflated === undefined) return undefined;
    if (inflated.failure === undefined && !inflated.stream.destroyed) {
      await new Promise<void>((resolve) => {
        inflated.stream.once("close", resolve);
        inflated.stream.end();
      });
    }
    if (inflated.failure instanceof DaoChainError) throw inflated.failure;
    return inflated.failure === undefined ? `sha256:${inflated.hash.digest("hex")}` : undefined;
  }
}
