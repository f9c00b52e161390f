import { chmod, lstat, mkdir, rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { dirname } from "node:path";
import { type DaoChainError, failure, systemErrorCode } from "../errors.ts";
import { unwritableFile } from "../files.ts";

/** Questions that are answered at once; more than any engine would ask. */
const maxOpen = 5000;
/** How long a question may take to arrive, in milliseconds. */
const arrivalTime = 10_000;

/** What a gate at a socket answers. */
export interface SocketService {
  /** Prometheus' text */
  metrics(): string;
  isReady(): boolean;
  /**
   * Answers what is asked beside `GET /metrics` and `GET /ready`.
   * @param isBusy whether more is asked at once than should be
   * @returns false where there is nothing of that name
   */
  answer(question: IncomingMessage, answer: ServerResponse, isBusy: boolean): Promise<boolean>;
  /** Answers after an error that nobody foresaw. */
  fail(answer: ServerResponse): void;
}

/** Serves a gate on a unix socket, with `GET /metrics` and `GET /ready`. */
export class SocketServer {
  readonly #service: SocketService;
  readonly #server: Server;
  #isListening = false;
  #open = 0;

  constructor(service: SocketService) {
    this.#service = service;
    this.#server = createServer(
      { requestTimeout: arrivalTime, headersTimeout: arrivalTime },
      (question, answer) => {
        void this.#serve(question, answer);
      },
    );
    // Who asks keeps its connections; one that were closed under a question would make it wait.
    this.#server.keepAliveTimeout = 0;
    this.#server.on("clientError", (_, socket) => socket.destroy());
  }

  /**
   * Listens where this user alone may connect. A socket that nobody serves any more is replaced.
   * @throws FILE_UNWRITABLE where another gate serves it, others could put theirs in its place, or it cannot be made; NO_SPACE
   */
  async listen(path: string): Promise<void> {
    const failed = (cause: unknown): DaoChainError => unwritableFile(path, cause);
    await mkdir(dirname(path), { recursive: true, mode: 0o755 }).catch((cause) => {
      throw failed(cause);
    });
    await requireOwnDirectory(path);
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
    this.#isListening = true;
  }

  async close(): Promise<void> {
    if (!this.#isListening) return;
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
    this.#open++;
    try {
      await this.#route(question, answer);
    } catch {
      this.#service.fail(answer);
    } finally {
      this.#open--;
    }
  }

  async #route(question: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { method, url } = question;
    if (method === "GET" && url === "/metrics") {
      question.resume();
      answer.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      answer.end(this.#service.metrics());
      return;
    }
    if (method === "GET" && url === "/ready") {
      question.resume();
      const isReady = this.#service.isReady();
      return sendJson(answer, isReady ? 200 : 503, { ready: isReady });
    }
    if (await this.#service.answer(question, answer, this.#open > maxOpen)) return;
    question.resume();
    sendJson(answer, 404, { Err: "there is nothing here" });
  }
}

/**
 * A question's body.
 * @param limit bytes
 * @returns undefined where there is more than that
 */
export async function readBody(question: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of question) {
    size += piece.length;
    // The rest is taken and dropped, so that the answer is read.
    if (size <= limit) pieces.push(piece);
    else pieces.length = 0;
  }
  return size > limit ? undefined : Buffer.concat(pieces);
}

export function sendJson(answer: ServerResponse, status: number, document: object): void {
  if (answer.headersSent) return;
  const body = JSON.stringify(document);
  answer.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(body) });
  answer.end(body);
}

/** Whoever may write the directory may put a gate of their own into the socket's place. @throws GATE_DIRECTORY_SHARED */
async function requireOwnDirectory(path: string): Promise<void> {
  const directory = dirname(path);
  const facts = await lstat(directory);
  const isOwn = facts.uid === 0 || facts.uid === process.geteuid?.();
  if (facts.isDirectory() && isOwn && (facts.mode & 0o022) === 0) return;
  throw failure("GATE_DIRECTORY_SHARED", { socket: path, directory });
}

/** @throws GATE_SOCKET_TAKEN, GATE_ALREADY_SERVED */
async function removeDead(path: string): Promise<void> {
  const facts = await lstat(path).catch(() => undefined);
  if (facts === undefined) return;
  if (!facts.isSocket()) throw failure("GATE_SOCKET_TAKEN", { socket: path });
  const isServed = await new Promise<boolean>((resolve) => {
    const probe = connect(path, () => {
      probe.destroy();
      resolve(true);
    });
    probe.once("error", (error) => resolve(systemErrorCode(error) !== "ECONNREFUSED"));
  });
  if (isServed) throw failure("GATE_ALREADY_SERVED", { socket: path });
  await rm(path, { force: true });
}
