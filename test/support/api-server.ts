import { Agent, request } from "node:https";

/** What an API server asks a webhook about. */
export interface Change {
  readonly operation?: string;
  readonly object?: unknown;
  readonly oldObject?: unknown;
  readonly subResource?: string;
  /** where the request says something else than the object */
  readonly kind?: { readonly group: string; readonly version: string; readonly kind: string };
  readonly uid?: string;
}

/** What an API server makes of an answer. */
export interface Admission {
  readonly allowed: boolean;
  /** as the client of the API server sees it */
  readonly message: string;
  readonly code: number;
  readonly warnings: readonly string[];
  /** the object, as it was changed by a patch */
  readonly object: unknown;
  readonly patched: boolean;
}

export interface HttpsAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: Buffer;
}

let uids = 0;

/** The kind that an object says it is of. */
export function kindOf(object: unknown): { group: string; version: string; kind: string } {
  const { apiVersion = "v1", kind = "" } = (object ?? {}) as { apiVersion?: string; kind?: string };
  const [version = "", group = ""] = apiVersion.split("/").toReversed();
  return { group, version, kind };
}

/** An AdmissionReview as k8s.io/apiserver makes one (admission/v1). */
export function toReview(change: Change): Record<string, unknown> {
  const { operation = "CREATE", object = null, oldObject = null, subResource } = change;
  const kind = change.kind ?? kindOf(object ?? oldObject);
  const resource = { group: kind.group, version: kind.version, resource: `${kind.kind.toLowerCase()}s` };
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      uid: change.uid ?? `705ab4f5-6393-11e8-b7cc-${String(++uids).padStart(12, "0")}`,
      kind,
      resource,
      ...(subResource === undefined ? {} : { subResource }),
      requestKind: kind,
      requestResource: resource,
      ...(subResource === undefined ? {} : { requestSubResource: subResource }),
      name: "x",
      namespace: "default",
      operation,
      userInfo: { username: "admin", groups: ["system:masters", "system:authenticated"] },
      object,
      oldObject,
      dryRun: false,
      options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" },
    },
  };
}

/** Asks webhooks as a kube-apiserver does: HTTP/1.1 over TLS, connections kept, one authority trusted, a name that the certificate must have. */
export class ApiServer {
  readonly #agent: Agent;
  readonly #port: () => number;

  /** @param authority the caBundle, in PEM */
  constructor(
    port: number | (() => number),
    authority: string,
    options: { readonly servername?: string; readonly sockets?: number } = {},
  ) {
    this.#port = typeof port === "number" ? () => port : port;
    this.#agent = new Agent({
      keepAlive: true,
      ca: authority,
      ...(options.servername === undefined ? {} : { servername: options.servername }),
      ...(options.sockets === undefined ? {} : { maxSockets: options.sockets }),
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  send(
    path: string,
    options: {
      readonly method?: string;
      readonly body?: string | Buffer;
      readonly headers?: Record<string, string>;
      readonly signal?: AbortSignal;
    } = {},
  ): Promise<HttpsAnswer> {
    const { method = options.body === undefined ? "GET" : "POST", body, headers, signal } = options;
    return new Promise((resolve, reject) => {
      const call = request(
        {
          host: "127.0.0.1",
          port: this.#port(),
          agent: this.#agent,
          path,
          method,
          ...(signal === undefined ? {} : { signal }),
          headers: {
            ...(body === undefined
              ? {}
              : { "content-type": "application/json", "content-length": Buffer.byteLength(body) }),
            ...headers,
          },
        },
        (answer) => {
          const pieces: Buffer[] = [];
          answer.on("data", (piece) => pieces.push(piece));
          answer.on("error", reject);
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              type: answer.headers["content-type"] ?? "",
              body: Buffer.concat(pieces),
            }),
          );
        },
      );
      call.on("error", reject);
      call.end(body);
    });
  }

  /**
   * Has a change admitted.
   * @param timeout as the webhook's configuration has it
   * @throws where an API server would say that the webhook failed, or came too late
   */
  async admit(
    change: Change,
    webhook: "validate" | "mutate" = "validate",
    timeout: `${number}s` = "10s",
  ): Promise<Admission> {
    const review = toReview(change);
    const body = JSON.stringify(review);
    const signal = AbortSignal.timeout(Number.parseFloat(timeout) * 1000);
    const answer = await this.send(`/${webhook}?timeout=${timeout}`, { body, signal });
    return readAnswer(answer, review, webhook === "mutate");
  }
}

/**
 * What an API server makes of a webhook's answer, by the rules of k8s.io/apiserver (admission/plugin/webhook: request.VerifyAdmissionResponse
 * and the two dispatchers).
 * @throws where it would take the call to have failed
 */
export function readAnswer(
  { status, type, body }: HttpsAnswer,
  review: Record<string, unknown>,
  mutates: boolean,
): Admission {
  const failed = (why: string): Error =>
    new Error(`failed calling webhook: ${why}: ${body.toString().slice(0, 500)}`);
  if (status < 200 || status > 206) throw failed(`status ${status}`);
  if (!type.startsWith("application/json")) throw failed(`content type ${type}`);
  if (body.length > 3 * 1024 * 1024) throw failed("too large");
  const { apiVersion, kind, response } = JSON.parse(body.toString());
  const request = review["request"] as { uid: string; object: unknown };
  if (typeof response !== "object" || response === null) throw failed("webhook response was absent");
  if (response.uid !== request.uid) throw failed(`expected response.uid=${request.uid}`);
  if (apiVersion !== "admission.k8s.io/v1" || kind !== "AdmissionReview") throw failed("wrong kind");
  const unknown = Object.keys(response).filter(
    (name) =>
      !["uid", "allowed", "status", "patch", "patchType", "auditAnnotations", "warnings"].includes(name),
  );
  if (unknown.length > 0) throw failed(`unknown members ${unknown}`);
  if (typeof response.allowed !== "boolean") throw failed("allowed is no truth value");
  const hasPatch = typeof response.patch === "string" && response.patch !== "";
  const hasType = response.patchType !== undefined;
  if (!mutates && (hasPatch || hasType)) throw failed("validating webhook may not return a patch");
  if (hasPatch !== hasType) throw failed("a patch without its type, or the other way round");
  if (hasType && response.patchType !== "JSONPatch")
    throw failed(`unsupported patch type ${response.patchType}`);
  const warnings: string[] = response.warnings ?? [];
  if (warnings.some((text) => [...text].length > 256)) throw failed("a warning would be cut");
  if (warnings.reduce((total, text) => total + [...text].length, 0) > 4096)
    throw failed("warnings would be cut");
  if (warnings.some((text) => /[\u0000-\u001f\u007f]/.test(text))) throw failed("a warning with controls");
  const { message = "", code = response.allowed ? 200 : 400 } = response.status ?? {};
  const object = hasPatch
    ? applyPatch(request.object, JSON.parse(Buffer.from(response.patch, "base64").toString()))
    : request.object;
  return { allowed: response.allowed, message, code, warnings, object, patched: hasPatch };
}

/** Applies a JSON Patch (RFC 6902) with the operations that change and test values. @throws where it does not apply */
export function applyPatch(
  object: unknown,
  patch: readonly { op: string; path: string; value: unknown }[],
): unknown {
  const copy = structuredClone(object);
  for (const { op, path, value } of patch) {
    const parts = path
      .split("/")
      .slice(1)
      .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
    const last = parts.pop();
    if (!path.startsWith("/") || last === undefined) throw new Error(`no path: ${path}`);
    // biome-ignore lint/suspicious/noExplicitAny: any JSON
    let at: any = copy;
    for (const part of parts) at = at[part];
    if (op !== "add" && !Object.hasOwn(at, last)) throw new Error(`nothing is at ${path}`);
    if (op === "test") {
      if (JSON.stringify(at[last]) !== JSON.stringify(value)) throw new Error(`another value is at ${path}`);
    } else if (op === "replace" || op === "add") at[last] = value;
    else throw new Error(`unknown operation ${op}`);
  }
  return copy;
}
