import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { DaoChainError, systemErrorCode } from "../../errors.ts";
import { fileError } from "../../files.ts";
import { parseStrictJson, toObject } from "../../image/json.ts";
import { toLine } from "../text.ts";
import type { Answer } from "./gate.ts";
import type { EngineRequest } from "./requests.ts";

/** Bytes of a question: an engine passes on a body of a mebibyte at most, in base64, with its headers. */
const maxQuestion = 4 * 1024 * 1024;
/** Questions that are answered at once; more than an engine would ask. */
const maxOpen = 5000;
/** How long a question may take to arrive, in milliseconds. */
const arrivalTime = 10_000;

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
  readonly #server: Server;
  #socket: string | undefined;
  #open = 0;

  constructor(gate: PluginGate) {
    this.#gate = gate;
    this.#server = createServer(
      { requestTimeout: arrivalTime, headersTimeout: arrivalTime },
      (question, answer) => {
        void this.#serve(question, answer);
      },
    );
    // An engine keeps its connections; one that were closed under a question would make it wait.
    this.#server.keepAliveTimeout = 0;
    this.#server.on("clientError", (_, socket) => socket.destroy());
  }

  /**
   * Listens where this user alone may connect. A socket that nobody serves any more is replaced.
   * @throws CONFIGURATION_INVALID where another gate serves it, or it cannot be made; NO_SPACE
   */
  async listen(path: string): Promise<void> {
    const failed = (cause: unknown): DaoChainError =>
      fileError(`The gate's socket ${path} cannot be made`, cause);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 }).catch((cause) => {
      throw failed(cause);
    });
    await removeDead(path);
    const mask = process.umask(0o177);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#server.once("error", reject);
        this.#server.listen(path, () => {
          this.#server.off("error", reject);
          resolve();
        });
      });
      await chmod(path, 0o600);
    } catch (cause) {
      throw failed(cause);
    } finally {
      process.umask(mask);
    }
    this.#socket = path;
  }

  async close(): Promise<void> {
    if (this.#socket === undefined) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    // Those that are being answered get their answers; nobody waits for those that never end.
    const cut = setTimeout(() => this.#server.closeAllConnections(), 2000);
    await closed;
    clearTimeout(cut);
  }

  async #serve(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    answer.on("error", () => {});
    question.on("error", () => {});
    try {
      await this.#route(question, answer);
    } catch {
      // A defect is a no, like all else; the engine's client is told that much.
      send(answer, 200, { Allow: false, Msg: "refused: the gate failed", Err: "" });
    }
  }

  async #route(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url } = question;
    if (method === "GET" && url === "/metrics") {
      question.resume();
      answer.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      answer.end(this.#gate.metrics());
      return;
    }
    if (method === "GET" && url === "/ready") {
      question.resume();
      const isReady = this.#gate.isReady();
      return send(answer, isReady ? 200 : 503, { ready: isReady });
    }
    if (method === "POST" && url === "/Plugin.Activate") {
      question.resume();
      return send(answer, 200, { Implements: ["authz"] });
    }
    if (method === "POST" && url === "/AuthZPlugin.AuthZRes") {
      // What it answers has happened already.
      question.resume();
      return send(answer, 200, { Allow: true, Msg: "", Err: "" });
    }
    if (method === "POST" && url === "/AuthZPlugin.AuthZReq") {
      const verdict = await this.#ask(question);
      const reason = verdict.allow ? "" : toLine(verdict.reason, 1000);
      return send(answer, 200, { Allow: verdict.allow, Msg: reason, Err: "" });
    }
    question.resume();
    send(answer, 404, { Err: "there is nothing here" });
  }

  async #ask(question: IncomingMessage): Promise<Answer> {
    if (this.#open >= maxOpen) return { allow: false, reason: "refused: too many requests at once" };
    this.#open++;
    try {
      const bytes = await readAll(question);
      if (bytes === undefined)
        return { allow: false, reason: "refused: the request is too large to be judged" };
      const request = toRequest(bytes);
      if (request === undefined) return { allow: false, reason: "refused: the request cannot be read" };
      return await this.#gate.judge(request);
    } finally {
      this.#open--;
    }
  }
}

/** @returns undefined where there is more than is read */
async function readAll(question: IncomingMessage): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of question) {
    size += piece.length;
    // The rest is taken and dropped, so that the answer is read.
    if (size <= maxQuestion) pieces.push(piece);
    else pieces.length = 0;
  }
  return size > maxQuestion ? undefined : Buffer.concat(pieces);
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

function send(answer: ServerResponse, status: number, document: object): void {
  if (answer.headersSent) return;
  const body = JSON.stringify(document);
  answer.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  answer.end(body);
}

/** @throws CONFIGURATION_INVALID */
async function removeDead(path: string): Promise<void> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return;
  if (!facts.isSocket()) {
    throw new DaoChainError("CONFIGURATION_INVALID", `${path} is there already, and is no socket.`);
  }
  const isServed = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error) => resolve(systemErrorCode(error) !== "ECONNREFUSED"));
  });
  if (isServed) {
    throw new DaoChainError("CONFIGURATION_INVALID", `Another process serves the gate's socket ${path}.`, {
      hint: "See daochain gate docker status.",
    });
  }
  await rm(path, { force: true });
}
