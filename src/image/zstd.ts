import { Transform, type TransformCallback } from "node:stream";
import * as zlib from "node:zlib";

/** Whether this Node can unpack zstd at all (22.15 and later). */
export const hasZstd = "createZstdDecompress" in zlib;

/**
 * Unpacks zstd of any number of frames (RFC 8878, section 3). Node's own stream ends after the first, and whoever reads all of them, as
 * engines do, would see another content. An end inside a frame is not noticed: compare what comes out with its digest.
 */
export class ZstdDecompressor extends Transform {
  readonly #chunkSize: number;
  #frame: zlib.ZstdDecompress;

  /** @param chunkSize of what comes out, in bytes */
  constructor(chunkSize: number) {
    super();
    this.#chunkSize = chunkSize;
    this.#frame = this.#begin();
  }

  #begin(): zlib.ZstdDecompress {
    const frame = zlib.createZstdDecompress({ chunkSize: this.#chunkSize });
    frame.on("data", (bytes: Uint8Array) => {
      if (!this.push(bytes)) frame.pause();
    });
    frame.on("error", (error) => this.destroy(error));
    return frame;
  }

  override _read(size: number): void {
    this.#frame.resume();
    super._read(size);
  }

  override _transform(chunk: Uint8Array, encoding: BufferEncoding, done: TransformCallback): void {
    const frame = this.#frame;
    const before = frame.bytesWritten;
    let isOver = false;
    const next = () => {
      if (isOver) return;
      isOver = true;
      frame.off("end", next);
      const taken = frame.bytesWritten - before;
      if (taken === chunk.length) return done();
      // What the frame did not take is the next frame's.
      this.#frame = this.#begin();
      this._transform(chunk.subarray(taken), encoding, done);
    };
    frame.once("end", next);
    frame.write(chunk, (error) => {
      if (error === null || error === undefined) next();
    });
  }

  override _flush(done: TransformCallback): void {
    this.#frame.once("end", () => done());
    this.#frame.end();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#frame.destroy();
    done(error);
  }
}
