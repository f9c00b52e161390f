import { TarError } from "./error.ts";
import { decimal } from "./numbers.ts";
import type { TarVisitor } from "./parser.ts";
import { type Extent, type PaxRecords, toExtents } from "./pax.ts";

const MAP_LIMIT = 1024 * 1024;
const zeros = Buffer.alloc(64 * 1024);

/** Hands pieces on one by one; waits only where the visitor asks for it. */
export function pieces(bytes: Iterable<Uint8Array>, visitor: TarVisitor): Promise<void> | undefined {
  const iterator = bytes[Symbol.iterator]();
  const next = (): Promise<void> | undefined => {
    for (;;) {
      const { done, value } = iterator.next();
      if (done === true) return undefined;
      const wait = visitor.content(value);
      if (wait !== undefined) return wait.then(next);
    }
  };
  return next();
}

/** Puts the holes back into a sparse file (GNU tar manual, "Storing Sparse Files", PAX formats 0.0, 0.1 and 1.0). */
export class SparseMap {
  /** of the file with its holes, in bytes */
  readonly size: number;
  readonly #stored: number;
  #extents: Extent[] | undefined;
  #index = 0;
  #position = 0;
  /** what there is so far of the map that format 1.0 puts before the content, and how many bytes that were */
  #head: Uint8Array[] = [];
  #headSize = 0;

  private constructor(size: number, stored: number, extents: Extent[] | undefined) {
    this.size = size;
    this.#stored = stored;
    this.#extents = extents;
    if (extents !== undefined) this.#requireTotal(extents, stored);
  }

  /**
   * @param stored the entry's data in the archive, in bytes
   * @returns undefined for a file that is not sparse
   * @throws TarError
   */
  static of(pax: PaxRecords, stored: number): SparseMap | undefined {
    const major = pax.get("GNU.sparse.major");
    const minor = pax.get("GNU.sparse.minor");
    const map = pax.get("GNU.sparse.map");
    const version = major === undefined && minor === undefined ? undefined : `${major}.${minor}`;
    if (version === undefined && map === undefined) return undefined;
    if (version !== undefined && !["0.0", "0.1", "1.0"].includes(version))
      throw new TarError("it has a sparse file of an unknown format");
    const size = decimal(pax.get("GNU.sparse.realsize") ?? pax.get("GNU.sparse.size") ?? "");
    if (size === undefined) throw new TarError("it has a sparse file without a size");
    if (version === "1.0") return new SparseMap(size, stored, undefined);
    const numbers = map === undefined || map === "" ? [] : map.split(",").map(decimal);
    return new SparseMap(size, stored, toExtents(numbers, size));
  }

  /** The file's bytes up to the end of this piece of the archive. */
  *expand(piece: Uint8Array): Generator<Uint8Array> {
    let data = piece;
    if (this.#extents === undefined) {
      this.#head.push(Buffer.from(piece));
      this.#headSize += piece.length;
      if (this.#headSize > MAP_LIMIT)
        throw new TarError("it has a map of a sparse file of more than a megabyte");
      const head = this.#head.length === 1 ? (this.#head[0] as Uint8Array) : Buffer.concat(this.#head);
      this.#head = [head];
      const length = this.#readHead(Buffer.from(head.buffer, head.byteOffset, head.length));
      if (length === undefined) return;
      data = head.subarray(length);
      this.#head = [];
    }
    while (data.length > 0) {
      const extent = this.#extents?.[this.#index];
      if (extent === undefined) throw new TarError("it has a sparse file with more data than its map has");
      yield* this.#fill(extent.offset);
      const length = Math.min(data.length, extent.offset + extent.length - this.#position);
      if (length > 0) yield data.subarray(0, length);
      data = data.subarray(length);
      this.#position += length;
      if (this.#position === extent.offset + extent.length) this.#index++;
    }
  }

  /** The hole at the end. */
  *rest(): Generator<Uint8Array> {
    if (this.#extents === undefined) throw new TarError("it has a sparse file without its map");
    yield* this.#fill(this.size);
  }

  *#fill(to: number): Generator<Uint8Array> {
    while (this.#position < to) {
      const length = Math.min(zeros.length, to - this.#position);
      yield zeros.subarray(0, length);
      this.#position += length;
    }
  }

  /** @returns how many bytes the map takes with what fills up its last block; undefined while it is not whole */
  #readHead(head: Buffer): number | undefined {
    const lines: number[] = [];
    let at = 0;
    for (let wanted = 1; lines.length < wanted; ) {
      const end = head.indexOf(0x0a, at);
      if (end < 0) return undefined;
      const number = decimal(head.toString("latin1", at, end));
      if (number === undefined) throw new TarError("it has a broken map of a sparse file");
      if (lines.length === 0) {
        if (number > MAP_LIMIT) throw new TarError("it has a broken map of a sparse file");
        wanted = 1 + 2 * number;
      }
      lines.push(number);
      at = end + 1;
    }
    const length = Math.ceil(at / 512) * 512;
    if (length > head.length) return undefined;
    this.#extents = toExtents(lines.slice(1), this.size);
    this.#requireTotal(this.#extents, this.#stored - length);
    return length;
  }

  #requireTotal(extents: readonly Extent[], stored: number): void {
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    if (total !== stored) throw new TarError("it has a sparse file whose map does not fit its data");
  }
}
