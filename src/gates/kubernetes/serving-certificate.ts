import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { DaoChainError } from "../../errors.ts";

/** A certificate and what belongs to it, in PEM. */
export interface ServingCertificate {
  /** with those between it and its authority behind it */
  readonly cert: string;
  readonly key: string;
}

/** Where the certificate that is served comes from. It may change at any time. */
export interface CertificateSource {
  /** The one to serve now. */
  readonly current: ServingCertificate;
  close(): Promise<void>;
}

/**
 * Whether a certificate can be served: it belongs to its key, and has not ended.
 * @param what names it in a message
 * @returns when it ends, in seconds since 1970
 * @throws CONFIGURATION_INVALID
 */
export function checkCertificate({ cert, key }: ServingCertificate, what: string, now = Date.now()): number {
  let ends: number;
  try {
    const certificate = new X509Certificate(cert);
    if (!certificate.checkPrivateKey(createPrivateKey(key))) throw new Error("it is another key's");
    // What TLS makes of the whole chain.
    createSecureContext({ cert, key, minVersion: "TLSv1.2" });
    ends = Date.parse(certificate.validTo);
  } catch (cause) {
    throw new DaoChainError(
      "CONFIGURATION_INVALID",
      `${what} cannot be served: it does not belong to its key.`,
      {
        hint: "Both are PEM; the certificate comes first in its file.",
        cause,
      },
    );
  }
  if (!(ends > now)) {
    throw new DaoChainError("CONFIGURATION_INVALID", `${what} ended at ${new Date(ends).toISOString()}.`);
  }
  return ends / 1000;
}
