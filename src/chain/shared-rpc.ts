import { JsonRpcFailure, type Rpc, type RpcCall } from "../json-rpc.ts";

interface Waiting {
  readonly call: RpcCall;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Puts the calls of many askers together: what is asked in one turn of the event loop goes to the endpoint in as few requests as it takes.
 * Views of a contract as of one block (`eth_call` with a block's number) are asked once, however many want to know; nothing else is remembered.
 * It is meant for one task as of one block, and is thrown away with it.
 */
export class SharedRpc implements Rpc {
  readonly #rpc: Rpc;
  readonly #views = new Map<string, Promise<unknown>>();
  #waiting: Waiting[] = [];

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
    try {
      const results = await this.#rpc.callAll(waiting.map(({ call }) => call));
      for (const [at, { resolve }] of waiting.entries()) resolve(results[at]);
    } catch (error) {
      for (const { reject } of waiting) reject(error);
    }
  }
}
