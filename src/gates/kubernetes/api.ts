import { request } from "node:https";
import { join } from "node:path";
import { DaoChainError, failure, systemErrorCode } from "../../errors.ts";
import { readSmallFile } from "../../files.ts";
import { type JsonObject, parseStrictJson, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { Value } from "../../messages/template.ts";
import { toOneLine } from "../one-line.ts";

/** Where a pod finds what opens its cluster's API (Kubernetes, "Accessing the Kubernetes API from a Pod"). */
const accountDirectory = "/var/run/secrets/kubernetes.io/serviceaccount";
/** How long one request may take, in milliseconds, and bytes of an answer. */
const requestTime = 10_000;
const maxAnswer = 4 * 1024 * 1024;

/** How a cluster's API is reached, as a service account. */
export interface ApiOptions {
  readonly host: string;
  readonly port: number;
  /** with `token`, `ca.crt` and `namespace`, all of which may change */
  readonly account: string;
}

/** @returns undefined outside a cluster */
export function apiOfPod(environment: Readonly<Record<string, string | undefined>>): ApiOptions | undefined {
  const host = environment["KUBERNETES_SERVICE_HOST"];
  const port = Number(environment["KUBERNETES_SERVICE_PORT"] || 443);
  return host ? { host, port, account: accountDirectory } : undefined;
}

/** A Kubernetes API, as much of it as the gate needs. */
export class KubernetesApi {
  readonly #options: ApiOptions;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** The namespace of this pod. @throws KUBERNETES_ACCOUNT_MISSING, FILE_UNREADABLE */
  async namespace(): Promise<string> {
    return (await this.#read("namespace")).trim();
  }

  /**
   * @param change undefined: the object is read; else it is put in the place of the one that is there, or changed by a JSON Patch
   * @returns undefined where there is no such object
   * @throws KUBERNETES_UNREACHABLE; KUBERNETES_REFUSED where it says no, with the status in `cause`; KUBERNETES_ACCOUNT_MISSING
   */
  async call(
    path: string,
    signal: AbortSignal,
    change?: { readonly method: "PUT" | "PATCH"; readonly body: unknown },
  ): Promise<JsonObject | undefined> {
    const [token, ca] = await Promise.all([this.#read("token"), this.#read("ca.crt")]);
    const body = change === undefined ? undefined : JSON.stringify(change.body);
    const answer = await this.#send(path, signal, {
      method: change?.method ?? "GET",
      ca,
      body,
      headers: {
        authorization: `Bearer ${token.trim()}`,
        accept: "application/json",
        ...(body === undefined
          ? {}
          : {
              "content-type": change?.method === "PATCH" ? "application/json-patch+json" : "application/json",
              "content-length": `${Buffer.byteLength(body)}`,
            }),
      },
    });
    if (answer.status === 404 && change === undefined) return undefined;
    if (answer.status < 200 || answer.status > 299) throw refusedCall(path, answer);
    return toObject(parseStrictJson(answer.bytes, "answer"), "answer");
  }

  async #read(name: string): Promise<string> {
    const path = join(this.#options.account, name);
    const text = await readSmallFile(path);
    if (text !== undefined) return text;
    throw failure("KUBERNETES_ACCOUNT_MISSING", { file: path });
  }

  #send(
    path: string,
    signal: AbortSignal,
    {
      body,
      ...options
    }: { method: string; ca: string; body: string | undefined; headers: Record<string, string> },
  ): Promise<{ status: number; bytes: Buffer }> {
    const { host, port } = this.#options;
    const failed = (cause: unknown): DaoChainError =>
      failure(
        "KUBERNETES_UNREACHABLE",
        { host, reason: systemErrorCode(cause) ?? say("no-answer") },
        { cause },
      );
    return new Promise((resolve, reject) => {
      const call = request(
        {
          ...options,
          host,
          port,
          path,
          agent: false,
          signal: AbortSignal.any([signal, AbortSignal.timeout(requestTime)]),
        },
        (answer) => {
          const pieces: Buffer[] = [];
          let size = 0;
          answer.on("data", (piece: Buffer) => {
            size += piece.length;
            if (size > maxAnswer) answer.destroy(new Error("The answer is too large."));
            else pieces.push(piece);
          });
          answer.on("end", () => resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(pieces) }));
          answer.on("error", (error) => reject(failed(error)));
        },
      );
      call.on("error", (error) => reject(failed(error)));
      call.end(body);
    });
  }
}

/** That what was read has changed meanwhile. */
export function isConflict(error: unknown): boolean {
  return error instanceof DaoChainError && error.cause instanceof ApiRefusal && error.cause.status === 409;
}

class ApiRefusal extends Error {
  readonly status: number;

  constructor(status: number) {
    super(`status ${status}`);
    this.status = status;
  }
}

function refusedCall(path: string, { status, bytes }: { status: number; bytes: Buffer }): DaoChainError {
  let reason: Value = say("no-reason");
  try {
    const { message } = toObject(parseStrictJson(bytes, "answer"), "answer");
    if (typeof message === "string") reason = toOneLine(message, 300);
  } catch {
    // Its status says enough.
  }
  return failure("KUBERNETES_REFUSED", { path, status, reason }, { cause: new ApiRefusal(status) });
}
