import { isDaoChainError } from "../errors.ts";
import { isUnfitAnswer, JsonRpcFailure, type Rpc, type RpcCall } from "./json-rpc.ts";

interface Waiting {
  readonly call: RpcCall;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** Calls in one request, and requests that may fail before everything is given up. */
const atOnce = 100;
const maxFailures = 50;

/**
 * Puts the calls of many askers together: what is asked in one turn of the event loop goes to the endpoint in as few requests as it takes.
 * Views of a contract as of one block (`eth_call` with a block's number) are asked once, however many want to know; nothing else is remembered.
 * It is meant for one task as of one block, and is thrown away with it.
 */
export class SharedRpc implements Rpc {
  readonly #rpc: Rpc;
  readonly #views = new Map<string, Promise<unknown>>();
  #waiting: Waiting[] = [];
  #atOnce = atOnce;
  #most = atOnce;
  #failures = 0;

  constructor(rpc: Rpc) {
    this.#rpc = rpc;
  }

  get signal(): AbortSignal | undefined {
    return this.#rpc.signal;
  }

  get label(): string {
    return this.#rpc.label;
  }

  /** The endpoint's connection stays open: it is another's. */
  close(): void {
    this.#views.clear();
  }

  /** @throws as `JsonRpc.call` */
  async call(method: string, ...params: unknown[]): Promise<unknown> {
    const result = await this.#ask([method, ...params]);
    if (result instanceof JsonRpcFailure) throw result;
    return result;
  }

  /** @throws as `JsonRpc.callAll` */
  callAll(calls: readonly RpcCall[]): Promise<unknown[]> {
    return Promise.all(calls.map((call) => this.#ask(call)));
  }

  /** @returns the result, or the JsonRpcFailure with which the endpoint refused it */
  #ask(call: RpcCall): Promise<unknown> {
    const [method, , block] = call;
    if (method !== "eth_call" || typeof block !== "string" || !block.startsWith("0x"))
      return this.#queue(call);
    const key = JSON.stringify(call);
    const known = this.#views.get(key) ?? this.#queue(call);
    this.#views.set(key, known);
    return known;
  }

  #queue(call: RpcCall): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      if (this.#waiting.length === 1) setImmediate(() => void this.#send());
    });
  }

  async #send(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (let at = 0; at < waiting.length; ) {
      const part = waiting.slice(at, at + this.#atOnce);
      try {
        const results = await this.#rpc.callAll(part.map(({ call }) => call));
        for (const [index, { resolve }] of part.entries()) resolve(results[index]);
        at += part.length;
        this.#atOnce = Math.min(this.#most, this.#atOnce * 2);
      } catch (error) {
        // One answer that is too large, or too much work at once, must not be the end of all others.
        const isLost = isDaoChainError(error, "CANCELLED") || ++this.#failures > maxFailures;
        if (part.length > 1 && !isLost) {
          this.#atOnce = Math.ceil(part.length / 4);
          // An endpoint that takes too long for so many will do so again.
          if (isDaoChainError(error, "CHAIN_UNREACHABLE")) this.#most = this.#atOnce;
          continue;
        }
        const isItsOwn = !isLost && isUnfitAnswer(error);
        for (const { reject } of isItsOwn ? part : waiting.slice(at)) reject(error);
        if (!isItsOwn) return;
        at += part.length;
      }
    }
  }
}
