import { isUtf8 } from "node:buffer";

/** What is not what the ABI says. */
export class Malformed extends Error {
  override readonly name = "Malformed";
}

/** An event's data, read by hand: ethers takes thirty times as long, and there are hundreds of thousands of events. */
export class AbiReader {
  readonly #bytes: Buffer;

  /** @throws Malformed */
  constructor(hex: unknown) {
    if (typeof hex !== "string" || hex.length % 2 !== 0 || !/^0x[0-9a-f]*$/i.test(hex))
      throw new Malformed("the data is not hex");
    this.#bytes = Buffer.from(hex.slice(2), "hex");
  }

  /** 32 bytes as lowercase hex. @param at in bytes */
  bytes32(at: number): string {
    return this.#part(at, 32).toString("hex");
  }

  /** A number; Infinity for one beyond 2^53, which nothing that is counted or timed reaches. */
  number(at: number): number {
    const word = this.#part(at, 32);
    for (let i = 0; i < 24; i++) if (word[i] !== 0) return Number.POSITIVE_INFINITY;
    const value = word.readUInt32BE(24) * 0x1_0000_0000 + word.readUInt32BE(28);
    return Number.isSafeInteger(value) ? value : Number.POSITIVE_INFINITY;
  }

  /** Where a dynamic value begins. @param at of its offset @param base from which the offset counts */
  follow(at: number, base: number): number {
    const offset = this.number(at);
    if (offset > this.#bytes.length) throw new Malformed("an offset points beyond the data");
    return base + offset;
  }

  /** The bytes of a string. @param at of its length */
  bytes(at: number, limit: number): Buffer {
    const length = this.number(at);
    if (length > limit) throw new Malformed(`a text is longer than ${limit} bytes`);
    return this.#part(at + 32, length);
  }

  /** A string; undefined where it is not UTF-8: whoever sent the transaction chose the bytes. */
  text(at: number, limit: number): string | undefined {
    const bytes = this.bytes(at, limit);
    return isUtf8(bytes) ? bytes.toString() : undefined;
  }

  #part(at: number, length: number): Buffer {
    if (at + length > this.#bytes.length) throw new Malformed("the data is too short");
    return this.#bytes.subarray(at, at + length);
  }
}
