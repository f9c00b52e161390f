import { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import type Docker from "dockerode";
import { cancelled, DaoChainError, failure, systemErrorCode } from "../../errors.ts";
import { member, parseStrictJson, stringMember, toObject } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import { type DockerEndpoint, type DockerOptions, resolveDockerEndpoint } from "./endpoint.ts";
import { SshAgent } from "./ssh.ts";
import { type ByteStream, LocalBody } from "./stream.ts";

/** How long a call about an image may take, in milliseconds. */
export const CALL_TIME = 10_000;
/** How long a stream may be silent, in milliseconds. */
export const IDLE_TIME = 60_000;
const ANSWER_LIMIT = 4 * 1024 * 1024;

export interface CallOptions {
  readonly method?: "GET" | "POST" | "DELETE";
  readonly query?: Readonly<Record<string, string>>;
  /** a tar archive */
  readonly body?: Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  /** a document, sent as JSON */
  readonly document?: object;
  /** until the answer begins, in milliseconds */
  readonly time?: number;
  /** how long the answer may pause, in milliseconds */
  readonly idle?: number;
  /** bytes of an answer that is read whole */
  readonly limit?: number;
  readonly signal?: AbortSignal | undefined;
}

/** An answer whose body is still to come. */
export interface Answer<Body extends ByteStream = Readable> {
  readonly status: number;
  /** errors with a DaoChainError when nothing arrives for too long, or the signal aborts */
  readonly body: Body;
  /** to be called for each piece taken from the body */
  readonly touch: () => void;
}

/** Docker Engine API calls, bounded in time and size. dockerode carries them: it knows sockets, pipes and TLS. */
export class DockerClient {
  readonly #endpoint: DockerEndpoint;
  readonly #docker: Docker;

  private constructor(endpoint: DockerEndpoint, docker: Docker) {
    this.#endpoint = endpoint;
    this.#docker = docker;
  }

  /**
   * Prepares to speak to the daemon, without asking it anything. Loads dockerode, which takes as long as the rest of a command's start.
   * @throws DOCKER_SETTINGS_INVALID
   */
  static async prepare(options: DockerOptions = {}): Promise<DockerClient> {
    const endpoint = resolveDockerEndpoint(options);
    const { protocol, socketPath, host, port, tls } = endpoint;
    const isSsh = protocol === "ssh";
    // What is undefined is said too: dockerode would fill it in from DOCKER_HOST. Its types do not know of the agent.
    const settings = {
      protocol: isSsh ? ("http" as const) : protocol,
      socketPath,
      host: isSsh ? "localhost" : host,
      port: isSsh ? undefined : port,
      ca: tls?.ca,
      cert: tls?.cert,
      key: tls?.key,
      agent: isSsh ? new SshAgent(endpoint) : undefined,
      // A socket has no name; without one, Node takes "localhost" and spends milliseconds on whether that is an IPv6 address.
      headers: socketPath === undefined ? {} : { host: "127.0.0.1" },
    };
    const { default: Docker } = await import("dockerode");
    try {
      return new DockerClient(endpoint, new Docker(settings));
    } catch (cause) {
      throw failure("DOCKER_SETTINGS_INVALID", { reason: say("docker-settings-unusable") }, { cause });
    }
  }

  /** The daemon's address as it was configured. */
  get host(): string {
    return this.#endpoint.address;
  }

  /**
   * Asks whether the daemon is there, within 5 seconds (15 over ssh).
   * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
   */
  async ping(signal?: AbortSignal): Promise<void> {
    const time = this.#endpoint.protocol === "ssh" ? 15_000 : 5_000;
    const { status, body } = await this.#call("/_ping", { signal, time }, () =>
      this.#unreachable(say("engine-silent-for", { seconds: time / 1000 })),
    );
    body.destroy();
    if (status !== 200) throw this.failure(say("engine-ping", { status }));
  }

  /**
   * Calls, and reads the whole answer.
   * @returns its JSON, or undefined where it is empty; for a status of 400 and above, the error's message
   * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
   */
  async call(
    path: string,
    options: CallOptions = {},
  ): Promise<{ status: number; json: unknown; message: string }> {
    const answer = await this.open(path, options);
    const { status } = answer;
    if (status >= 400) return { status, json: undefined, message: await this.readMessage(answer) };
    const limit = options.limit ?? ANSWER_LIMIT;
    const bytes = await this.#readAll(answer, limit);
    const json =
      bytes.length === 0 ? undefined : parseStrictJson(bytes, "description by the Docker daemon", limit);
    return { status, json, message: "" };
  }

  /** What the daemon says went wrong, from an answer with a status of 400 and above. */
  async readMessage(answer: Answer<ByteStream>): Promise<string> {
    const bytes = await this.#readAll(answer, ANSWER_LIMIT);
    try {
      const what = "error by the Docker daemon";
      return stringMember(toObject(parseStrictJson(bytes, what), what), "message", what) ?? "no reason";
    } catch {
      return bytes.toString("utf8", 0, 300).trim() || "no reason";
    }
  }

  async #readAll({ body, touch }: Answer<ByteStream>, limit: number): Promise<Buffer> {
    const pieces: Buffer[] = [];
    let size = 0;
    try {
      for await (const piece of body) {
        touch();
        size += piece.length;
        if (size > limit) throw this.failure(say("engine-answer-too-large", { limit }));
        pieces.push(Buffer.from(piece));
      }
    } catch (cause) {
      throw this.broken(cause);
    } finally {
      body.destroy();
    }
    return Buffer.concat(pieces);
  }

  /**
   * Calls, and leaves the answer's body to be read.
   * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
   */
  open(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.#call(path, options, () => this.failure(say("engine-silent")));
  }

  /**
   * Gets what has many bytes and tells its own end, and leaves it to be read.
   * @throws DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
   */
  stream(path: string, options: Pick<CallOptions, "query" | "time" | "signal">): Promise<Answer<ByteStream>> {
    const { socketPath } = this.#endpoint;
    if (socketPath === undefined) return this.open(path, options);
    const late = () => this.failure(say("engine-silent"));
    return this.#begin(options, late, async (stop) => {
      const search = new URLSearchParams(options.query).toString();
      const { status, body } = await LocalBody.open(
        socketPath,
        search === "" ? path : `${path}?${search}`,
        stop,
      );
      return this.#answer(status, body, options);
    });
  }

  /** That the engine failed. @param what continues "The Docker Engine at HOST" */
  failure(what: Message, options: { advice?: Message; cause?: unknown } = {}): DaoChainError {
    return failure("DOCKER_FAILED", { host: this.host, what }, options);
  }

  /** That it answered a request with an error. @param what continues "could not" */
  refusal(what: Message, status: number, message: string, advice?: Message): DaoChainError {
    return this.failure(
      say("engine-could-not", { what, status, message }),
      advice === undefined ? {} : { advice },
    );
  }

  /** A stream's error as one of ours. */
  broken(cause: unknown): DaoChainError {
    return cause instanceof DaoChainError ? cause : this.failure(say("engine-broke-off"), { cause });
  }

  #unreachable(what: Message, cause?: unknown): DaoChainError {
    const code = systemErrorCode(cause);
    const advice =
      this.#endpoint.protocol === "ssh"
        ? say("advice-ssh", { host: this.#endpoint.host ?? "" })
        : code === "EACCES" || code === "EPERM"
          ? say("advice-docker-group")
          : say("advice-start-docker");
    return failure("DOCKER_UNREACHABLE", { host: this.host, what }, { advice, cause });
  }

  #call(path: string, options: CallOptions, late: () => DaoChainError): Promise<Answer> {
    const { method = "GET", query = {} } = options;
    return this.#begin(
      options,
      late,
      (stop) =>
        new Promise((resolve, reject) => {
          const search = new URLSearchParams(query).toString();
          this.#docker.modem.dial(
            {
              method,
              // dockerode drops the last character of a path with a query: it expects to append the query itself.
              path: search === "" ? path : `${path}?${search}&`,
              isStream: true,
              statusCodes: everyStatus,
              abortSignal: stop,
              ...(options.headers === undefined ? {} : { headers: { ...options.headers } }),
              ...contentOf(options),
            },
            (error: Error | null, message: unknown) => {
              if (error !== null || !(message instanceof IncomingMessage)) return reject(error);
              // An error after the body was given up has nobody to go to.
              message.on("error", () => {});
              resolve(this.#answer(message.statusCode ?? 0, message, options));
            },
          );
        }),
    );
  }

  /** @param start stops when the signal that it gets aborts */
  #begin<T>(
    { time = CALL_TIME, signal }: CallOptions,
    late: () => DaoChainError,
    start: (stop: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const stop = new AbortController();
    return new Promise((resolve, reject) => {
      const cancel = () => {
        reject(cancelled());
        stop.abort();
      };
      if (signal?.aborted) return cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      const timer = setTimeout(() => {
        reject(late());
        stop.abort();
      }, time);
      start(stop.signal)
        .then(resolve, (error: unknown) =>
          reject(this.#unreachable(say("engine-cannot-be-reached"), error ?? undefined)),
        )
        .finally(() => {
          clearTimeout(timer);
          signal?.removeEventListener("abort", cancel);
        });
    });
  }

  #answer<Body extends ByteStream & { once(event: "close", listener: () => void): unknown }>(
    status: number,
    body: Body,
    { signal, idle: time = IDLE_TIME }: CallOptions,
  ): Answer<Body> {
    const idle = setTimeout(() => {
      body.destroy(this.failure(say("engine-sent-nothing", { seconds: time / 1000 })));
    }, time);
    const cancel = () => body.destroy(cancelled());
    signal?.addEventListener("abort", cancel, { once: true });
    body.once("close", () => {
      clearTimeout(idle);
      signal?.removeEventListener("abort", cancel);
    });
    if (signal?.aborted) cancel();
    return { status, body, touch: () => idle.refresh() };
  }
}

function contentOf({ body, document }: CallOptions): object {
  if (document === undefined) return body === undefined ? {} : { file: body };
  return { file: Buffer.from(JSON.stringify(document)), headers: { "Content-Type": "application/json" } };
}

/** Every status is an answer to us: dockerode would read an error's body without bound. */
const everyStatus = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [index + 100, true]));

/** Whether the daemon keeps images in containerd's store, by its answer to /info. */
export function isContainerdStore(info: unknown): boolean {
  const status = member(toObject(info, "Docker info"), "DriverStatus", "Docker info");
  return JSON.stringify(status ?? []).includes("io.containerd.snapshotter");
}
