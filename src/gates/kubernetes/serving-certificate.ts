import { createPrivateKey, X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import { failure } from "../../errors.ts";
import type { Value } from "../../messages/template.ts";

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
 * @param certificate what it is called
 * @returns when it ends, in seconds since 1970
 * @throws CERTIFICATE_NOT_OF_KEY, CERTIFICATE_ENDED
 */
export function checkCertificate(
  { cert, key }: ServingCertificate,
  certificate: Value,
  now = Date.now(),
): number {
  let ends: number;
  try {
    const parsed = new X509Certificate(cert);
    if (!parsed.checkPrivateKey(createPrivateKey(key))) throw new Error("it is another key's");
    // What TLS makes of the whole chain.
    createSecureContext({ cert, key, minVersion: "TLSv1.2" });
    ends = Date.parse(parsed.validTo);
  } catch (cause) {
    throw failure("CERTIFICATE_NOT_OF_KEY", { certificate }, { cause });
  }
  if (!(ends > now)) throw failure("CERTIFICATE_ENDED", { certificate, time: new Date(ends).toISOString() });
  return ends / 1000;
}
