import { DaoChainError, failure, systemErrorCode } from "../../errors.ts";
import { type Message, say } from "../../messages/message.ts";

/** A failure that another try may get over. */
export class Transient extends Error {
  /** what it is if no other try does */
  readonly failure: DaoChainError;
  /** how long the registry asks to be left alone, in milliseconds */
  readonly wait: number | undefined;

  constructor(failure: DaoChainError, wait?: number) {
    super(failure.message);
    this.failure = failure;
    this.wait = wait;
  }
}

/** That a registry failed. @param what continues "The image registry HOST" */
export function registryFailed(
  registry: string,
  what: Message,
  options: { advice?: Message; cause?: unknown } = {},
): DaoChainError {
  return failure("REGISTRY_FAILED", { registry, what }, options);
}

const plainAnswers = new Set([
  "EPROTO",
  "ERR_SSL_WRONG_VERSION_NUMBER",
  "ERR_SSL_PACKET_LENGTH_TOO_LONG",
  "ERR_SSL_UNSUPPORTED_PROTOCOL",
  "ERR_SSL_UNKNOWN_PROTOCOL",
  "ECONNREFUSED",
  "ECONNRESET",
  "UND_ERR_CONNECT_TIMEOUT",
  "ETIMEDOUT",
]);

/** Whether a failure to connect may mean that nobody speaks TLS there. A certificate that does not hold never means it. */
export function mayLackTls(error: unknown): boolean {
  return plainAnswers.has(systemErrorCode(error) ?? "");
}

const cuts = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "UND_ERR_RES_CONTENT_LENGTH_MISMATCH"]);

/** Why a request got no answer. */
export function toConnectionFailure(cause: unknown, host: string): DaoChainError | Transient {
  if (cause instanceof DaoChainError || cause instanceof Transient) return cause;
  const code = systemErrorCode(cause) ?? "";
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return registryFailed(host, say("registry-silent"), { cause });
  }
  if (code === "UND_ERR_ABORTED" && /proxy response/i.test(String(cause))) {
    return failure(
      "REGISTRY_UNREACHABLE",
      { registry: host, reason: say("proxy-refused") },
      { advice: say("advice-proxies"), cause },
    );
  }
  const isCertificate = /CERT|ISSUER|SIGNATURE|CRL|HOSTNAME/.test(code);
  const advice = isCertificate
    ? say("advice-certificate", { registry: host })
    : mayLackTls(cause) && code !== "ECONNREFUSED" && code !== "UND_ERR_CONNECT_TIMEOUT"
      ? say("advice-insecure")
      : say("advice-network");
  const unreachable = failure(
    "REGISTRY_UNREACHABLE",
    { registry: host, reason: code || say("unknown-reason") },
    { advice, cause },
  );
  return cuts.has(code) ? new Transient(unreachable) : unreachable;
}

/** Why an answer's body ended early. */
export function toBodyFailure(cause: unknown, host: string): DaoChainError | Transient {
  if (cause instanceof DaoChainError || cause instanceof Transient) return cause;
  const code = systemErrorCode(cause);
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new Transient(registryFailed(host, say("registry-stopped"), { cause }));
  }
  return new Transient(registryFailed(host, say("registry-broke-off"), { cause }));
}
