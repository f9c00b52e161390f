import type { IncomingMessage, ServerResponse } from "node:http";
import { parseStrictJson, toObject } from "../../json.ts";
import { toOneLine } from "../one-line.ts";
import { readBody, SocketServer, sendJson } from "../socket-server.ts";
import type { Answer } from "./gate.ts";
import type { EngineRequest } from "./requests.ts";

/** Bytes of a question: an engine passes on a body of a mebibyte at most, in base64, with its headers. */
const maxQuestion = 4 * 1024 * 1024;

/** What the plugin asks of its gate. */
export interface PluginGate {
  judge(request: EngineRequest): Promise<Answer>;
  /** Prometheus' text */
  metrics(): string;
  isReady(): boolean;
}

/**
 * A Docker Engine's AuthZ plugin on a unix socket (Docker's documentation, "Access authorization plugin"), with `GET /metrics` and
 * `GET /ready` beside it. What is malformed is refused, and so is whatever comes upon an error.
 */
export class DockerPlugin {
  readonly #gate: PluginGate;
  readonly #server: SocketServer;

  constructor(gate: PluginGate) {
    this.#gate = gate;
    this.#server = new SocketServer({
      metrics: () => gate.metrics(),
      isReady: () => gate.isReady(),
      answer: (question, answer, isBusy) => this.#answer(question, answer, isBusy),
      // A defect is a no, like all else; the engine's client is told that much.
      fail: (answer) => sendJson(answer, 200, { Allow: false, Msg: "refused: the gate failed", Err: "" }),
    });
  }

  /**
   * Listens where this user alone may connect. A socket that nobody serves any more is replaced.
   * @throws FILE_UNWRITABLE where another gate serves it, or it cannot be made; NO_SPACE
   */
  listen(path: string): Promise<void> {
    return this.#server.listen(path);
  }

  close(): Promise<void> {
    return this.#server.close();
  }

  async #answer(question: IncomingMessage, answer: ServerResponse, isBusy: boolean): Promise<boolean> {
    if (question.method !== "POST") return false;
    switch (question.url) {
      case "/Plugin.Activate":
        question.resume();
        sendJson(answer, 200, { Implements: ["authz"] });
        return true;
      case "/AuthZPlugin.AuthZRes":
        // What it answers has happened already.
        question.resume();
        sendJson(answer, 200, { Allow: true, Msg: "", Err: "" });
        return true;
      case "/AuthZPlugin.AuthZReq": {
        const verdict = await this.#ask(question, isBusy);
        const reason = verdict.allow ? "" : toOneLine(verdict.reason, 1000);
        sendJson(answer, 200, { Allow: verdict.allow, Msg: reason, Err: "" });
        return true;
      }
      default:
        return false;
    }
  }

  async #ask(question: IncomingMessage, isBusy: boolean): Promise<Answer> {
    if (isBusy) return { allow: false, reason: "refused: too many requests at once" };
    const bytes = await readBody(question, maxQuestion);
    if (bytes === undefined)
      return { allow: false, reason: "refused: the request is too large to be judged" };
    const request = toRequest(bytes);
    if (request === undefined) return { allow: false, reason: "refused: the request cannot be read" };
    return await this.#gate.judge(request);
  }
}

function toRequest(bytes: Buffer): EngineRequest | undefined {
  try {
    const what = "question";
    const question = toObject(parseStrictJson(bytes, what), what);
    const { RequestMethod: method, RequestUri: target, RequestBody: body = "" } = question;
    if (typeof method !== "string" || typeof target !== "string") return undefined;
    if (body !== null && (typeof body !== "string" || !/^[A-Za-z0-9+/]*={0,2}$/.test(body))) return undefined;
    return { method, target, body: body ?? "" };
  } catch {
    return undefined;
  }
}
