import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import { DaoChainError, systemErrorCode } from "../errors.ts";

/** Bytes of one answer, and milliseconds for one call, beyond which an endpoint is not listened to. */
const maxAnswer = 64 * 1024 * 1024;
const callTimeout = 15_000;

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

/**
 * A JSON-RPC 2.0 connection over HTTP(S). It keeps nothing and caches nothing: a decision never rests on an old answer.
 * Answers are bounded in size and time.
 */
export class JsonRpc {
  /** the endpoint without credentials, for messages */
  readonly label: string;
  readonly #url: URL;
  /** user:password, empty without */
  readonly #auth: string;
  readonly #agent: HttpAgent | HttpsAgent;
  readonly #signal: AbortSignal | undefined;
  #next = 1;

  /**
   * @param url http or https; user and password in it become Basic authentication
   * @throws CONFIGURATION_INVALID
   */
  constructor(url: string, signal?: AbortSignal) {
    const parsed = URL.canParse(url) ? new URL(url) : undefined;
    const auth = parsed === undefined ? undefined : toAuth(parsed);
    if (parsed === undefined || auth === undefined || !["http:", "https:"].includes(parsed.protocol)) {
      throw new DaoChainError("CONFIGURATION_INVALID", "The chain's RPC URL is not an http or https URL.", {
        hint: "Check DAOCHAIN_RPC_URL or the network profile.",
      });
    }
    this.#url = parsed;
    this.#auth = auth;
    this.label = `${parsed.protocol}//${parsed.host}`;
    this.#agent = new (parsed.protocol === "https:" ? HttpsAgent : HttpAgent)({
      keepAlive: true,
      maxSockets: 8,
    });
    this.#signal = signal;
  }

  close(): void {
    this.#agent.destroy();
  }

  /**
   * @returns the call's result, of a shape that the caller must check
   * @throws JsonRpcFailure for the endpoint's own refusal; CHAIN_UNREACHABLE, CHAIN_FAILED, CANCELLED
   */
  async call(method: string, ...params: unknown[]): Promise<unknown> {
    const id = this.#next++;
    const text = await this.#post(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
    let answer: unknown;
    try {
      answer = JSON.parse(text);
    } catch (cause) {
      throw this.#notAChain("answered with something other than JSON", cause);
    }
    if (!isRecord(answer) || answer["id"] !== id) throw this.#notAChain("did not answer as JSON-RPC does");
    const error = answer["error"];
    if (isRecord(error)) {
      const code = typeof error["code"] === "number" ? error["code"] : 0;
      const message = typeof error["message"] === "string" ? error["message"].slice(0, 1000) : "no message";
      throw new JsonRpcFailure(code, message, revertData(error["data"]));
    }
    if (!("result" in answer)) throw this.#notAChain("did not answer as JSON-RPC does");
    return answer["result"];
  }

  #cancelled(): boolean {
    return this.#signal?.aborted === true;
  }

  #notAChain(what: string, cause?: unknown): DaoChainError {
    return new DaoChainError(
      "CHAIN_FAILED",
      `The endpoint ${this.label} ${what}; it does not seem to be a chain.`,
      {
        hint: "Check DAOCHAIN_RPC_URL or the network profile.",
        cause,
      },
    );
  }

  async #post(body: string): Promise<string> {
    if (this.#cancelled()) throw cancelled();
    const signal = AbortSignal.any([
      AbortSignal.timeout(callTimeout),
      ...(this.#signal ? [this.#signal] : []),
    ]);
    try {
      return await new Promise<string>((resolve, reject) => {
        const secure = this.#url.protocol === "https:";
        const request = (secure ? httpsRequest : httpRequest)(
          {
            protocol: this.#url.protocol,
            hostname: this.#url.hostname.replace(/^\[|\]$/g, ""),
            port: this.#url.port,
            path: this.#url.pathname + this.#url.search,
            method: "POST",
            agent: this.#agent,
            signal,
            ...(this.#auth === "" ? {} : { auth: this.#auth }),
            headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
          },
          (response) => readAnswer(response, signal).then(resolve, reject),
        );
        request.on("error", reject);
        request.end(body);
      });
    } catch (cause) {
      if (cause instanceof DaoChainError) throw cause;
      if (this.#cancelled()) throw cancelled();
      const code = systemErrorCode(cause);
      const reason = signal.aborted
        ? `it did not answer within ${callTimeout / 1000} s`
        : (code ?? "the connection broke");
      throw new DaoChainError(
        "CHAIN_UNREACHABLE",
        `The chain at ${this.label} cannot be reached: ${reason}.`,
        {
          hint: "Start the embedded chain with daochain up, or check DAOCHAIN_RPC_URL.",
          cause,
        },
      );
    }
  }
}

async function readAnswer(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    signal.throwIfAborted();
    size += chunk.length;
    if (size > maxAnswer) {
      response.destroy();
      throw new DaoChainError("CHAIN_FAILED", `The chain's answer is larger than ${maxAnswer} bytes.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** @returns undefined where a percent sign stands for nothing */
function toAuth({ username, password }: URL): string | undefined {
  if (username === "" && password === "") return "";
  try {
    return `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  } catch {
    return undefined;
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
