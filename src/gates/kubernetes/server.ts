import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { failure } from "../../errors.ts";
import { systemReason } from "../../files.ts";
import { type Answer, formatAnswer, refusal } from "./answer.ts";
import { RequestBody } from "./body.ts";
import { timeToAnswer } from "./deadline.ts";
import type { WebhookKind } from "./gate.ts";
import { maxReview, parseReview, type Review } from "./review.ts";
import type { ReviewOutcome } from "./review-metrics.ts";
import type { ServingCertificate } from "./serving-certificate.ts";

/** Reviews that are answered at once, and bytes of all of them that are held. */
const maxOpen = 4000;
const maxHeld = 256 * 1024 * 1024;
/** API servers keep a connection for each review that they ask at once. */
const maxConnections = 5000;
/** How long a request may take to arrive, in milliseconds. */
const headersTime = 10_000;
const arrivalTime = 30_000;
/** An API server gives up an idle connection after 90 seconds: it must not meet one that is being closed here. */
const idleTime = 120_000;

/** What the server asks of its gate. */
export interface AdmissionGate {
  judge(review: Review, webhook: WebhookKind, deadline: AbortSignal): Promise<Answer>;
  /** Prometheus' text */
  metrics(): string;
  isReady(): boolean;
  /** A review was answered. @param seconds that it took */
  answered(webhook: WebhookKind, outcome: ReviewOutcome, seconds: number): void;
}

const webhooks: Readonly<Record<string, WebhookKind>> = { "/validate": "validate", "/mutate": "mutate" };

/**
 * An admission webhook over HTTPS (Kubernetes, "Dynamic Admission Control"): `POST /validate` and `/mutate`, with `GET /readyz`, `/livez` and
 * `/metrics` beside them. A review that can be read as far as its uid is answered; any other gets a status at which an API server refuses.
 */
export class AdmissionServer {
  readonly #gate: AdmissionGate;
  readonly #server: Server;
  #open = 0;
  #held = 0;
  #time = { query: "", milliseconds: timeToAnswer(null) };

  constructor(gate: AdmissionGate, certificate: ServingCertificate) {
    this.#gate = gate;
    this.#server = createServer(
      {
        ...certificate,
        minVersion: "TLSv1.2",
        handshakeTimeout: headersTime,
        headersTimeout: headersTime,
        requestTimeout: arrivalTime,
        connectionsCheckingInterval: 5000,
        keepAliveTimeout: idleTime,
      },
      (request, response) => {
        void this.#serve(request, response);
      },
    );
    this.#server.maxConnections = maxConnections;
    this.#server.on("clientError", (_, socket) => socket.destroy());
    this.#server.on("tlsClientError", (_, socket) => socket.destroy());
  }

  /** New connections get this certificate; those that stand go on. @throws what TLS says of one that does not hold together */
  setCertificate(certificate: ServingCertificate): void {
    this.#server.setSecureContext({ ...certificate, minVersion: "TLSv1.2" });
  }

  /** @returns where it listens. @throws GATE_ADDRESS_UNAVAILABLE where it cannot */
  async listen(host: string, port: number): Promise<{ readonly host: string; readonly port: number }> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once("error", (cause) => {
        reject(failure("GATE_ADDRESS_UNAVAILABLE", { host, port, reason: systemReason(cause) }, { cause }));
      });
      this.#server.listen({ host, port }, resolve);
    });
    this.#server.removeAllListeners("error");
    // Running out of descriptors is no reason to end.
    this.#server.on("error", () => {});
    const address = this.#server.address() as AddressInfo;
    return { host: address.address, port: address.port };
  }

  async close(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeIdleConnections();
    // Those that are being answered get their answers; nobody waits for those that never end.
    const cut = setTimeout(() => this.#server.closeAllConnections(), 2000);
    await closed;
    clearTimeout(cut);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.on("error", () => {});
    request.on("error", () => {});
    try {
      await this.#route(request, response);
    } catch {
      // A defect is a no, like all else.
      fail(request, response, 500, "the gate failed");
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const begun = performance.now();
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    const webhook = webhooks[path];
    if (webhook !== undefined) {
      if (request.method !== "POST") return fail(request, response, 405, "reviews are posted");
      const deadline = begun + this.#timeFor(query);
      const outcome = await this.#review(request, response, webhook, deadline);
      return this.#gate.answered(webhook, outcome, (performance.now() - begun) / 1000);
    }
    if (request.method !== "GET") return fail(request, response, 404, "there is nothing here");
    request.resume();
    switch (path) {
      case "/livez":
        return send(response, 200, "text/plain", "ok\n");
      case "/readyz": {
        const isReady = this.#gate.isReady();
        return send(response, isReady ? 200 : 503, "text/plain", isReady ? "ok\n" : "it does not decide\n");
      }
      case "/metrics":
        return send(response, 200, "text/plain; version=0.0.4; charset=utf-8", this.#gate.metrics());
      default:
        return send(response, 404, "text/plain", "there is nothing here\n");
    }
  }

  /** API servers say the same each time. */
  #timeFor(query: string): number {
    if (this.#time.query !== query) {
      this.#time = { query, milliseconds: timeToAnswer(new URLSearchParams(query).get("timeout")) };
    }
    return this.#time.milliseconds;
  }

  async #review(
    request: IncomingMessage,
    response: ServerResponse,
    webhook: WebhookKind,
    deadline: number,
  ): Promise<ReviewOutcome> {
    const failed = (status: number, why: string): "failed" => {
      fail(request, response, status, why);
      return "failed";
    };
    if (!/^application\/json(?:\s*;|$)/i.test(request.headers["content-type"] ?? ""))
      return failed(415, "a review is JSON");
    if (this.#open >= maxOpen) return failed(503, "too many reviews at once");
    this.#open++;
    const body = new RequestBody(request, maxReview, (bytes) => {
      this.#held += bytes;
      return this.#held <= maxHeld;
    });
    try {
      const bytes = await body.read();
      if (typeof bytes === "string") {
        return bytes === "long"
          ? failed(413, "the review is too large to be judged")
          : failed(503, "too much is to be judged at once");
      }
      let review: Review;
      try {
        review = parseReview(bytes);
      } catch {
        return failed(400, "this is no AdmissionReview of admission.k8s.io/v1, or can be read in two ways");
      }
      const answer = await this.#judge(review, webhook, deadline);
      const text = formatAnswer(review.uid, answer);
      setImmediate(() => send(response, 200, "application/json", text));
      return answer.allowed ? "allowed" : "refused";
    } catch {
      return failed(400, "the review did not arrive");
    } finally {
      this.#open--;
      this.#held -= body.held;
    }
  }

  async #judge(review: Review, webhook: WebhookKind, deadline: number): Promise<Answer> {
    const late = new AbortController();
    const left = Math.max(0, deadline - performance.now());
    let timer: NodeJS.Timeout | undefined;
    // Whatever the gate is at then, the API server must hear a no while it listens.
    const tooLate = new Promise<Answer>((resolve) => {
      timer = setTimeout(() => {
        late.abort(failure("GATE_REVIEW_TIMEOUT"));
        setTimeout(() => resolve(refusal("refused: nothing was decided in time", 503)), 20);
      }, left);
    });
    try {
      return await Promise.race([this.#gate.judge(review, webhook, late.signal), tooLate]);
    } catch {
      return refusal("refused: the gate failed", 503);
    } finally {
      clearTimeout(timer);
    }
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  if (response.headersSent) return;
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) });
  response.end(body);
}

/** The rest of what is being sent is not read. */
function fail(request: IncomingMessage, response: ServerResponse, status: number, why: string): void {
  if (request.complete) {
    send(response, status, "text/plain", `${why}\n`);
  } else if (!response.headersSent) {
    response.writeHead(status, { "content-type": "text/plain", connection: "close" });
    response.end(`${why}\n`, () => request.destroy());
  }
}
