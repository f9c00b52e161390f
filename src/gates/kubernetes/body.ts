import type { IncomingMessage } from "node:http";

/** A request's body, as much of it as is taken. */
export class RequestBody {
  readonly #request: IncomingMessage;
  readonly #limit: number;
  readonly #hold: (bytes: number) => boolean;
  /** bytes that are held */
  held = 0;

  /**
   * @param limit bytes at most
   * @param hold is told of bytes that are held more; whether there is room for them
   */
  constructor(request: IncomingMessage, limit: number, hold: (bytes: number) => boolean) {
    this.#request = request;
    this.#limit = limit;
    this.#hold = hold;
  }

  /** @returns `long` where it is longer than it may be, `full` where there is no room. @throws where it broke off */
  read(): Promise<Buffer | "long" | "full"> {
    const request = this.#request;
    const pieces: Buffer[] = [];
    return new Promise((resolve, reject) => {
      const settle = (outcome: Buffer | "long" | "full" | undefined): void => {
        request.off("data", take).off("end", end).off("error", fail).off("close", fail);
        if (outcome === undefined) reject(new Error("The request ended early."));
        else resolve(outcome);
      };
      const take = (piece: Buffer): void => {
        this.held += piece.length;
        const hasRoom = this.#hold(piece.length);
        if (this.held > this.#limit) settle("long");
        else if (!hasRoom) settle("full");
        else pieces.push(piece);
      };
      const end = (): void => settle(pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces));
      const fail = (): void => settle(undefined);
      request.on("data", take).on("end", end).on("error", fail).on("close", fail);
    });
  }
}
