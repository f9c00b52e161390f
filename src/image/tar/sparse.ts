import { TarError } from "./error.ts";
import { decimal } from "./numbers.ts";
import type { TarVisitor } from "./parser.ts";
import { type Extent, type PaxRecords, toExtents } from "./pax.ts";

const BLOCK = 512;
const MAP_LIMIT = 1024 * 1024;
const sparseKey = "GNU.sparse.";
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
  /** the map that format 1.0 puts before the content: what has been read of it, and the digits of the next number */
  readonly #numbers: number[] = [];
  #digits = "";
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
   * @throws TarError also where there is a record of a sparse file, and not all that one of the formats has
   */
  static of(pax: PaxRecords, stored: number): SparseMap | undefined {
    if (![...pax.keys()].some((key) => key.startsWith(sparseKey))) return undefined;
    const record = (name: string) => pax.get(`${sparseKey}${name}`);
    const hasVersion = record("major") !== undefined || record("minor") !== undefined;
    const version = hasVersion ? `${record("major")}.${record("minor")}` : "0.1";
    if (!["0.0", "0.1", "1.0"].includes(version))
      throw new TarError("it has a sparse file of an unknown format");
    const stated = record("size") ?? record("realsize");
    const size = decimal(stated ?? "");
    if (size === undefined || (record("realsize") ?? stated) !== stated)
      throw new TarError("it has a sparse file without one size");
    if (version === "1.0") {
      if (record("map") !== undefined) throw brokenMap();
      return new SparseMap(size, stored, undefined);
    }
    const numbers = (record("map") ?? "").split(",").map(decimal);
    if (decimal(record("numblocks") ?? "") !== numbers.length / 2) throw brokenMap();
    return new SparseMap(size, stored, toExtents(numbers, size));
  }

  /** The file's bytes up to the end of this piece of the archive. */
  *expand(piece: Uint8Array): Generator<Uint8Array> {
    let data = this.#extents === undefined ? this.#readHead(piece) : piece;
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

  /** Takes what of the piece belongs to the map, which ends with the block that its last number is in; gives the rest. */
  #readHead(piece: Uint8Array): Uint8Array {
    let at = 0;
    while (at < piece.length && !(this.#hasAllNumbers() && this.#headSize % BLOCK === 0)) {
      const byte = piece[at++] ?? 0;
      this.#headSize++;
      if (this.#headSize > MAP_LIMIT)
        throw new TarError("it has a map of a sparse file of more than a megabyte");
      if (!this.#hasAllNumbers()) this.#readDigit(byte);
    }
    if (this.#hasAllNumbers() && this.#headSize % BLOCK === 0) {
      this.#extents = toExtents(this.#numbers.slice(1), this.size);
      this.#requireTotal(this.#extents, this.#stored - this.#headSize);
    }
    return piece.subarray(at);
  }

  #readDigit(byte: number): void {
    if (byte === 0x0a) {
      const number = decimal(this.#digits);
      if (number === undefined) throw brokenMap();
      this.#numbers.push(number);
      this.#digits = "";
    } else {
      if (this.#digits.length >= 16) throw brokenMap();
      this.#digits += String.fromCharCode(byte);
    }
  }

  /** How many pairs there are comes first. */
  #hasAllNumbers(): boolean {
    const [pairs] = this.#numbers;
    return pairs !== undefined && this.#numbers.length > 2 * pairs;
  }

  #requireTotal(extents: readonly Extent[], stored: number): void {
    const total = extents.reduce((sum, { length }) => sum + length, 0);
    if (total !== stored) throw new TarError("it has a sparse file whose map does not fit its data");
  }
}

function brokenMap(): TarError {
  return new TarError("it has a broken map of a sparse file");
}
