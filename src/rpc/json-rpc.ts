import { DaoChainError, type ErrorCode, systemErrorCode } from "../errors.ts";
import { AnswerTooLarge, openTransport, type Transport } from "./transport.ts";

/** Calls in one request, and characters of it: what endpoints commonly take. */
const maxBatch = 100;
const maxBatchCharacters = 512 * 1024;

/** What is behind an endpoint: how it is called in messages, and how long and how much it may answer. */
export interface Peer {
  readonly noun: string;
  readonly unreachable: ErrorCode;
  readonly failed: ErrorCode;
  /** what to do about a wrong URL, and about an endpoint that cannot be reached */
  readonly checkUrl: string;
  readonly checkEndpoint: string;
  /** milliseconds for one request */
  readonly timeout: number;
  /** bytes of one answer */
  readonly maxAnswer: number;
}

const chain: Peer = {
  noun: "chain",
  unreachable: "CHAIN_UNREACHABLE",
  failed: "CHAIN_FAILED",
  checkUrl: "Check DAOCHAIN_RPC_URL or the network profile.",
  checkEndpoint: "Start the embedded chain with daochain up, or check DAOCHAIN_RPC_URL.",
  timeout: 15_000,
  maxAnswer: 64 * 1024 * 1024,
};

/** An error that the endpoint itself returned for a call. */
export class JsonRpcFailure extends Error {
  override readonly name = "JsonRpcFailure";
  readonly code: number;
  /** revert data as hex, where there is any */
  readonly data: string | undefined;

  constructor(code: number, message: string, data: string | undefined) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** What puts calls to an endpoint: a `JsonRpc`, or something before one. */
export type Rpc = Pick<JsonRpc, keyof JsonRpc>;

/** One call of several: the method's name, then its parameters. */
export type RpcCall = readonly [method: string, ...params: unknown[]];

/**
 * A JSON-RPC 2.0 connection (https://www.jsonrpc.org/specification) over HTTP(S) or a unix socket. It keeps nothing and
 * caches nothing: a decision never rests on an old answer. Answers are bounded in size and time.
 */
export class JsonRpc {
  readonly signal: AbortSignal | undefined;
  readonly #transport: Transport;
  readonly #peer: Peer;
  #next = 1;
  #batches = true;

  /**
   * @param url http, https or unix; user and password in it become Basic authentication
   * @throws CONFIGURATION_INVALID
   */
  constructor(url: string, signal?: AbortSignal, peer: Peer = chain) {
    const transport = openTransport(url);
    if (transport === undefined) {
      throw new DaoChainError(
        "CONFIGURATION_INVALID",
        `The ${peer.noun}'s RPC URL is not an http, https or unix URL.`,
        { hint: peer.checkUrl },
      );
    }
    this.#transport = transport;
    this.#peer = peer;
    this.signal = signal;
  }

  /** the endpoint without credentials, for messages */
  get label(): string {
    return this.#transport.label;
  }

  close(): void {
    this.#transport.close();
  }

  /**
   * @returns the call's result, of a shape that the caller must check
   * @throws JsonRpcFailure for the endpoint's own refusal; CHAIN_UNREACHABLE, CHAIN_FAILED (or the peer's own codes), CANCELLED
   */
  async call(method: string, ...params: unknown[]): Promise<unknown> {
    const id = this.#next++;
    const result = this.#toResult(await this.#ask({ jsonrpc: "2.0", id, method, params }), id);
    if (result instanceof JsonRpcFailure) throw result;
    return result;
  }

  /**
   * Makes many calls in few requests, in their order. An endpoint that takes no batches is asked one by one.
   * @returns for each call its result, or the JsonRpcFailure with which the endpoint refused it
   * @throws as `call`, but for refusals
   */
  async callAll(calls: readonly RpcCall[]): Promise<unknown[]> {
    const results: unknown[] = [];
    while (results.length < calls.length) {
      const batch = this.#batches ? this.#nextBatch(calls.slice(results.length)) : [];
      const answers = batch.length < 2 ? undefined : await this.#ask(batch);
      if (Array.isArray(answers)) {
        const byId = new Map(answers.map((answer) => [isRecord(answer) ? answer["id"] : undefined, answer]));
        results.push(...batch.map(({ id }) => this.#toResult(byId.get(id), id)));
        continue;
      }
      if (answers !== undefined) {
        this.#batches = false;
        continue;
      }
      const [method, ...params] = calls[results.length] ?? [""];
      results.push(
        await this.call(method, ...params).catch((error) => {
          if (error instanceof JsonRpcFailure) return error;
          throw error;
        }),
      );
    }
    return results;
  }

  #nextBatch(calls: readonly RpcCall[]): { jsonrpc: "2.0"; id: number; method: string; params: unknown[] }[] {
    let characters = 0;
    const batch = [];
    for (const [method, ...params] of calls.slice(0, maxBatch)) {
      const request = { jsonrpc: "2.0", id: this.#next, method, params } as const;
      characters += JSON.stringify(request).length + 1;
      if (characters > maxBatchCharacters && batch.length > 0) break;
      this.#next++;
      batch.push(request);
    }
    return batch;
  }

  async #ask(request: unknown): Promise<unknown> {
    const text = await this.#exchange(JSON.stringify(request));
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw this.#failed("answered with something other than JSON", cause);
    }
  }

  #toResult(answer: unknown, id: number): unknown {
    if (!isRecord(answer) || answer["id"] !== id) throw this.#failed("did not answer as JSON-RPC does");
    const error = answer["error"];
    if (isRecord(error)) {
      const code = typeof error["code"] === "number" ? error["code"] : 0;
      const message = typeof error["message"] === "string" ? error["message"].slice(0, 1000) : "no message";
      return new JsonRpcFailure(code, message, revertData(error["data"]));
    }
    if (!("result" in answer)) throw this.#failed("did not answer as JSON-RPC does");
    return answer["result"];
  }

  #isCancelled(): boolean {
    return this.signal?.aborted === true;
  }

  #failed(what: string, cause?: unknown): DaoChainError {
    const { noun, failed, checkUrl } = this.#peer;
    const message = `The endpoint ${this.label} ${what}; it does not seem to be a ${noun}.`;
    return new DaoChainError(failed, message, { hint: checkUrl, cause });
  }

  async #exchange(body: string): Promise<string> {
    const { noun, failed, unreachable, checkEndpoint, timeout, maxAnswer } = this.#peer;
    if (this.#isCancelled()) throw cancelled();
    // Not AbortSignal.timeout: that one does not keep a process that waits for nothing else.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout);
    const signal = this.signal === undefined ? late.signal : AbortSignal.any([late.signal, this.signal]);
    try {
      return await this.#transport.exchange(body, signal, maxAnswer);
    } catch (cause) {
      if (this.#isCancelled()) throw cancelled();
      if (cause instanceof AnswerTooLarge) {
        throw new DaoChainError(failed, `The ${noun}'s answer is larger than ${maxAnswer} bytes.`);
      }
      const reason = late.signal.aborted
        ? `it did not answer within ${timeout / 1000} s`
        : (systemErrorCode(cause) ?? "the connection broke");
      const message = `The ${noun} at ${this.label} cannot be reached: ${reason}.`;
      throw new DaoChainError(unreachable, message, { hint: checkEndpoint, cause });
    } finally {
      clearTimeout(timer);
    }
  }
}

function cancelled(): DaoChainError {
  return new DaoChainError("CANCELLED", "Cancelled.");
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Clients differ in where they put a revert's data: as hex, or inside an object. */
function revertData(data: unknown): string | undefined {
  const inner = isRecord(data) ? (data["data"] ?? data["result"]) : data;
  return typeof inner === "string" && /^0x([0-9a-f]{2})*$/i.test(inner) ? inner : undefined;
}
