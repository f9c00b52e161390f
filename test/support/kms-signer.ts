import { execFileSync } from "node:child_process";
import { digestSigner, type Signer } from "../../src/internal.ts";

/** A key that this process never sees: OpenSSL keeps it in a file, as a KMS keeps it in its vault. */
export function openKmsSigner(keyFile: string): Signer {
  // GetPublicKey: SubjectPublicKeyInfo in DER.
  const publicKey = execFileSync("openssl", ["pkey", "-in", keyFile, "-pubout", "-outform", "DER"]);
  // Sign with MessageType DIGEST: an ECDSA signature in DER.
  const sign = async (digest: Uint8Array): Promise<Uint8Array> =>
    execFileSync("openssl", ["pkeyutl", "-sign", "-inkey", keyFile], { input: digest });
  return digestSigner(publicKey, sign);
}
