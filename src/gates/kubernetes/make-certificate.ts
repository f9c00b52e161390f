import { generateKeyPair, randomBytes } from "node:crypto";
import { promisify } from "node:util";
import type { ServingCertificate } from "./serving-certificate.ts";

/** How long a certificate holds, and by how much it begins before it was made: clocks of nodes differ. In seconds. */
export const certificateTime = 365 * 86_400;
const clockSkew = 86_400;

/** A certificate with an authority of its own, whose key nobody has any more: it signs no other. */
export interface MadeCertificate extends ServingCertificate {
  /** the authority, in PEM */
  readonly ca: string;
}

/**
 * @param names DNS names that it is for
 * @param now in seconds since 1970
 */
export async function makeCertificate(names: readonly string[], now: number): Promise<MadeCertificate> {
  const { default: forge } = await import("node-forge");
  const { pki, md } = forge;
  const makeKeys = async () => {
    const { privateKey } = await promisify(generateKeyPair)("rsa", { modulusLength: 2048 });
    const pem = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
    const own = pki.privateKeyFromPem(pem);
    return { pem, privateKey: own, publicKey: pki.setRsaPublicKey(own.n, own.e) };
  };
  const [authority, own] = await Promise.all([makeKeys(), makeKeys()]);
  const make = (publicKey: typeof own.publicKey, subject: string, issuer: string, extensions: object[]) => {
    const certificate = pki.createCertificate();
    certificate.publicKey = publicKey;
    // Positive, and no two alike.
    certificate.serialNumber = `01${randomBytes(15).toString("hex")}`;
    certificate.validity.notBefore = new Date((now - clockSkew) * 1000);
    certificate.validity.notAfter = new Date((now + certificateTime) * 1000);
    certificate.setSubject([{ name: "commonName", value: subject }]);
    certificate.setIssuer([{ name: "commonName", value: issuer }]);
    certificate.setExtensions([...extensions, { name: "subjectKeyIdentifier" }]);
    certificate.sign(authority.privateKey, md.sha256.create());
    return pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
  };
  // Each has a name of its own, so that nobody takes one for another.
  const issuer = `daochain gate ${randomBytes(8).toString("hex")}`;
  return {
    ca: make(authority.publicKey, issuer, issuer, [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, critical: true },
    ]),
    cert: make(own.publicKey, "daochain gate", issuer, [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, keyEncipherment: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      { name: "subjectAltName", altNames: names.map((value) => ({ type: 2, value })) },
    ]),
    key: own.pem,
  };
}
