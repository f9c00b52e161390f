import { connect, type Socket } from "node:net";

/** Bytes as they come. A piece's memory may be used again for the next one: what is kept of it must be copied. */
export interface ByteStream extends AsyncIterable<Buffer> {
  destroy(error?: Error): unknown;
}

/** What a local socket holds, in bytes: no more comes at a time. */
const READ_SIZE = 256 * 1024;
const HEAD_LIMIT = 64 * 1024;

/**
 * An answer's body from a local socket, by HTTP/1.0: it goes on until the connection ends, so nothing of it needs to be parsed, and it all
 * goes through one piece of memory. Node's own client takes four times the processor time, and memory that the collector must find again.
 * That it was cut short is not noticed where the daemon states no length: what reads it must know its end, as of tar archives.
 */
export class LocalBody implements ByteStream {
  readonly #socket: Socket;
  #ready: Buffer | undefined;
  #wake: (() => void) | undefined;
  #failure: Error | undefined;
  #isClosed = false;
  /** bytes that are still to come, where the daemon said so */
  #left = Number.POSITIVE_INFINITY;

  private constructor(socketPath: string, signal: AbortSignal) {
    const take = (length: number, buffer: Uint8Array): boolean => {
      this.#ready = Buffer.from(buffer.buffer, buffer.byteOffset, length);
      this.#wake?.();
      // No more until it has been used.
      return false;
    };
    const onread = { buffer: Buffer.allocUnsafeSlow(READ_SIZE), callback: take };
    this.#socket = connect({ path: socketPath, signal, onread });
    this.#socket.on("error", (error) => {
      this.#failure = error;
    });
    this.#socket.on("close", () => {
      this.#isClosed = true;
      this.#wake?.();
    });
  }

  /**
   * Asks, and waits until the answer begins.
   * @param path with its query
   * @param signal gives up
   * @throws what the socket says, and an Error for an answer that is not HTTP
   */
  static async open(
    socketPath: string,
    path: string,
    signal: AbortSignal,
  ): Promise<{ status: number; body: LocalBody }> {
    const body = new LocalBody(socketPath, signal);
    try {
      body.#socket.write(`GET ${path} HTTP/1.0\r\nHost: docker\r\n\r\n`);
      return { status: await body.#readHead(), body };
    } catch (error) {
      body.destroy();
      throw error;
    }
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error);
  }

  once(event: "close", listener: () => void): void {
    this.#socket.once(event, listener);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void> {
    try {
      while (this.#left > 0) {
        const piece = await this.#next();
        if (piece === undefined) {
          if (this.#left === Number.POSITIVE_INFINITY) return;
          throw new Error("the answer is shorter than it says");
        }
        const wanted = piece.length > this.#left ? piece.subarray(0, this.#left) : piece;
        this.#left -= wanted.length;
        yield wanted;
      }
    } finally {
      this.destroy();
    }
  }

  async #next(): Promise<Buffer | undefined> {
    if (this.#ready === undefined && !this.#isClosed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        this.#socket.resume();
      });
    }
    const piece = this.#ready;
    this.#ready = undefined;
    if (piece === undefined && this.#failure !== undefined) throw this.#failure;
    return piece;
  }

  /** @returns the status; what came with the headers is left for the body */
  async #readHead(): Promise<number> {
    let head = Buffer.alloc(0);
    for (;;) {
      const piece = await this.#next();
      if (piece === undefined) throw new Error("the connection was closed without an answer");
      head = Buffer.concat([head, piece]);
      const end = head.indexOf("\r\n\r\n");
      if (end >= 0) {
        if (head.length > end + 4) this.#ready = head.subarray(end + 4);
        return this.#parseHead(head.toString("latin1", 0, end));
      }
      if (head.length > HEAD_LIMIT) throw new Error("the answer's headers do not end");
    }
  }

  #parseHead(text: string): number {
    const [first = "", ...fields] = text.split("\r\n");
    const status = /^HTTP\/1\.[01] ([1-5][0-9]{2})(?: |$)/.exec(first)?.[1];
    const field = (name: string) =>
      fields.find((line) => line.toLowerCase().startsWith(`${name}:`))?.slice(name.length + 1);
    if (status === undefined || field("transfer-encoding") !== undefined)
      throw new Error("the answer is not of HTTP/1.0");
    const length = field("content-length")?.trim();
    if (length !== undefined && /^[0-9]{1,15}$/.test(length)) this.#left = Number(length);
    return Number(status);
  }
}
