import { cancelled, type DaoChainError, failure, isDaoChainError, systemErrorCode } from "../errors.ts";
import { systemReason } from "../files.ts";
import { type Message, say } from "../messages/message.ts";
import { AnswerTooLarge, type Exchanged, openTransport, type Transport } from "./transport.ts";

/** Calls in one request, and characters of it: what endpoints commonly take. */
const maxBatch = 100;
const maxBatchCharacters = 512 * 1024;

/** What is behind an endpoint: how long and how much it may answer, and what is said where it does not do as it should. */
export interface Peer {
  /** milliseconds for one request */
  readonly timeout: number;
  /** bytes of one answer */
  readonly maxAnswer: number;
  readonly failures: {
    readonly url: () => DaoChainError;
    readonly unreachable: (at: { endpoint: string; reason: Message }, cause: unknown) => DaoChainError;
    /** HTTP's 401, 403 or 407 */
    readonly denied: (at: { endpoint: string; status: number }) => DaoChainError;
    readonly http: (at: { endpoint: string; status: number }) => DaoChainError;
    readonly notJsonRpc: (at: { endpoint: string }, cause: unknown) => DaoChainError;
    readonly tooLarge: (at: { endpoint: string; limit: number }) => DaoChainError;
  };
}

const chain: Peer = {
  timeout: 15_000,
  maxAnswer: 64 * 1024 * 1024,
  failures: {
    url: () => failure("RPC_URL_INVALID"),
    unreachable: (at, cause) => failure("CHAIN_UNREACHABLE", at, { cause }),
    denied: (at) => failure("CHAIN_DENIED", at),
    http: (at) => failure("CHAIN_HTTP_FAILED", at),
    notJsonRpc: (at, cause) => failure("CHAIN_NOT_JSON_RPC", at, { cause }),
    tooLarge: (at) => failure("CHAIN_ANSWER_TOO_LARGE", at),
  },
};

/** Whether a chain answered, but not as it should: less asked at once may bring a better answer. */
export function isUnfitAnswer(error: unknown): boolean {
  return isDaoChainError(error, "CHAIN_ANSWER_TOO_LARGE", "CHAIN_NOT_JSON_RPC", "CHAIN_HTTP_FAILED");
}

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
   * @throws RPC_URL_INVALID (or the peer's own code)
   */
  constructor(url: string, signal?: AbortSignal, peer: Peer = chain) {
    const transport = openTransport(url);
    if (transport === undefined) throw peer.failures.url();
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
   * @throws JsonRpcFailure for the endpoint's own refusal; CHAIN_UNREACHABLE, CHAIN_DENIED, CHAIN_HTTP_FAILED, CHAIN_NOT_JSON_RPC,
   *   CHAIN_ANSWER_TOO_LARGE (or the peer's own codes), CANCELLED
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
      const answered = batch.length < 2 ? undefined : await this.#ask(batch);
      if (Array.isArray(answered?.value)) {
        const { status, value: answers } = answered;
        const byId = new Map(answers.map((answer) => [isRecord(answer) ? answer["id"] : undefined, answer]));
        results.push(...batch.map(({ id }) => this.#toResult({ status, value: byId.get(id) }, id)));
        continue;
      }
      if (answered !== undefined) {
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

  async #ask(request: unknown): Promise<Answered> {
    const { text, status } = await this.#exchange(JSON.stringify(request));
    try {
      return { status, value: JSON.parse(text) };
    } catch (cause) {
      throw this.#unfit(status, cause);
    }
  }

  #toResult({ status, value: answer }: Answered, id: number): unknown {
    if (!isRecord(answer) || answer["id"] !== id) throw this.#unfit(status);
    const error = answer["error"];
    if (isRecord(error)) {
      const code = typeof error["code"] === "number" ? error["code"] : 0;
      const message = typeof error["message"] === "string" ? error["message"].slice(0, 1000) : "no message";
      return new JsonRpcFailure(code, message, revertData(error["data"]));
    }
    if (!("result" in answer)) throw this.#unfit(status);
    return answer["result"];
  }

  #isCancelled(): boolean {
    return this.signal?.aborted === true;
  }

  /** What came is no answer to what was asked. A gateway before a chain refuses in words of its own: its status says why. */
  #unfit(status: number | undefined, cause?: unknown): DaoChainError {
    const { failures } = this.#peer;
    const endpoint = this.label;
    if (status === 401 || status === 403 || status === 407) return failures.denied({ endpoint, status });
    if (status !== undefined && (status < 200 || status > 299)) return failures.http({ endpoint, status });
    return failures.notJsonRpc({ endpoint }, cause);
  }

  async #exchange(body: string): Promise<Exchanged> {
    const { failures, timeout, maxAnswer } = this.#peer;
    if (this.#isCancelled()) throw cancelled();
    // Not AbortSignal.timeout: that one does not keep a process that waits for nothing else.
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout);
    const signal = this.signal === undefined ? late.signal : AbortSignal.any([late.signal, this.signal]);
    try {
      return await this.#transport.exchange(body, signal, maxAnswer);
    } catch (cause) {
      if (this.#isCancelled()) throw cancelled();
      const endpoint = this.label;
      if (cause instanceof AnswerTooLarge) throw failures.tooLarge({ endpoint, limit: maxAnswer });
      const reason = late.signal.aborted
        ? say("no-answer-in-time", { seconds: timeout / 1000 })
        : connectionReason(cause);
      throw failures.unreachable({ endpoint, reason }, cause);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** An answer as JSON, and HTTP's status where it came by HTTP. */
interface Answered {
  readonly status: number | undefined;
  readonly value: unknown;
}

function connectionReason(cause: unknown): Message {
  const code = systemErrorCode(cause);
  switch (code) {
    case undefined:
      return say("connection-broke");
    case "ECONNREFUSED":
      return say("connection-refused");
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return say("host-not-found");
    default:
      return systemReason(cause);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

/** Clients differ in where they put a revert's data: as hex, or inside an object. */
function revertData(data: unknown): string | undefined {
  const inner = isRecord(data) ? (data["data"] ?? data["result"]) : data;
  return typeof inner === "string" && /^0x([0-9a-f]{2})*$/i.test(inner) ? inner : undefined;
}
