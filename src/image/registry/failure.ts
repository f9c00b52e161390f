import { DaoChainError, type ErrorCode, systemErrorCode } from "../../errors.ts";

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

/** @param what continues "The registry HOST ", without the full stop */
export function registryError(
  code: ErrorCode,
  host: string,
  what: string,
  options: { hint?: string; cause?: unknown } = {},
): DaoChainError {
  return new DaoChainError(code, `The registry ${host} ${what}.`, options);
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
  const code = systemErrorCode(cause) ?? "unknown reason";
  if (code === "UND_ERR_HEADERS_TIMEOUT") {
    return registryError("REGISTRY_FAILED", host, "did not answer in time", { cause });
  }
  if (code === "UND_ERR_ABORTED" && /proxy response/i.test(String(cause))) {
    return registryError("REGISTRY_UNREACHABLE", host, "cannot be reached: the proxy refused", {
      hint: "See HTTPS_PROXY, HTTP_PROXY and NO_PROXY.",
      cause,
    });
  }
  const isCertificate = /CERT|ISSUER|SIGNATURE|CRL|HOSTNAME/.test(code);
  const failure = registryError("REGISTRY_UNREACHABLE", host, `cannot be reached (${code})`, {
    hint: isCertificate
      ? `Its certificate does not hold: put its authority into /etc/docker/certs.d/${host}/ca.crt or NODE_EXTRA_CA_CERTS.`
      : mayLackTls(cause) && code !== "ECONNREFUSED" && code !== "UND_ERR_CONNECT_TIMEOUT"
        ? "If it has no TLS and you accept that, name it in DAOCHAIN_INSECURE_REGISTRIES."
        : "Check its name, the network and HTTPS_PROXY.",
    cause,
  });
  return cuts.has(code) ? new Transient(failure) : failure;
}

/** Why an answer's body ended early. */
export function toBodyFailure(cause: unknown, host: string): DaoChainError | Transient {
  if (cause instanceof DaoChainError || cause instanceof Transient) return cause;
  const code = systemErrorCode(cause);
  if (code === "UND_ERR_BODY_TIMEOUT") {
    return new Transient(registryError("REGISTRY_FAILED", host, "stopped sending", { cause }));
  }
  return new Transient(registryError("REGISTRY_FAILED", host, "broke off its answer", { cause }));
}
