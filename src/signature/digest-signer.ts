import { createPublicKey } from "node:crypto";
import { computeAddress, getBytes, hexlify, recoverAddress, Signature, Transaction, toBeHex } from "ethers";
import { failure } from "../errors.ts";
import { say } from "../messages/message.ts";
import type { Value } from "../messages/template.ts";
import { type Signer, typedDataHash } from "./signer.ts";

/** Order of the curve secp256k1 (SEC 2, section 2.4.1). */
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/**
 * A signer over a key that never leaves its keeper: a KMS or an HSM that signs digests of 32 bytes with ECDSA.
 * @param publicKey the key's SubjectPublicKeyInfo in DER (RFC 5280), as a KMS gives it; the curve is secp256k1
 * @param sign signs the digest as it is, without hashing it again, and returns r and s in DER (RFC 3279, section 2.2.3)
 * @throws PUBLIC_KEY_INVALID; its calls: SIGNER_SIGNATURE_WRONG where a signature is not this key's, and whatever `sign` throws
 */
export function digestSigner(
  publicKey: Uint8Array,
  sign: (digest: Uint8Array) => Promise<Uint8Array>,
): Signer {
  const address = publicKeyAddress(publicKey);
  const signatureOf = async (digest: string): Promise<Signature> =>
    toSignature(digest, fromDer(await sign(getBytes(digest))), address, say("key-keeper"));
  return {
    address,
    signTypedData: async (data) => (await signatureOf(typedDataHash(data))).serialized,
    signTransaction: async (fields) => {
      const transaction = Transaction.from(fields);
      transaction.signature = await signatureOf(transaction.unsignedHash);
      return transaction.serialized;
    },
  };
}

/**
 * A signature as Ethereum takes it: s in the lower half (EIP-2), v recovered, whatever v and s the signer gave.
 * @param digest that was signed, 32 bytes as hex
 * @param parts r and s; undefined: the signer gave none
 * @throws SIGNER_SIGNATURE_WRONG where it is not a signature of this address over this digest
 */
export function toSignature(
  digest: string,
  parts: { r: bigint; s: bigint } | undefined,
  address: string,
  signer: Value,
): Signature {
  if (parts !== undefined) {
    const { r, s } = parts;
    for (const v of [27, 28]) {
      try {
        const low = s > order / 2n ? order - s : s;
        const signature = Signature.from({ r: toBeHex(r, 32), s: toBeHex(low, 32), v });
        if (recoverAddress(digest, signature) === address) return signature;
      } catch {
        // No point of the curve has this r, or a value is out of range.
      }
    }
  }
  throw failure("SIGNER_SIGNATURE_WRONG", { signer, address });
}

function publicKeyAddress(spki: Uint8Array): string {
  try {
    const key = createPublicKey({ key: Buffer.from(spki), format: "der", type: "spki" });
    const { crv, x = "", y = "" } = key.export({ format: "jwk" });
    if (crv !== "secp256k1") throw new Error("curve");
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, "base64url"), Buffer.from(y, "base64url")]);
    return computeAddress(hexlify(point));
  } catch (cause) {
    throw failure("PUBLIC_KEY_INVALID", {}, { cause });
  }
}

/** SEQUENCE of two INTEGERs, each at most 33 bytes long, and nothing behind them. */
function fromDer(der: Uint8Array): { r: bigint; s: bigint } | undefined {
  const hex = Buffer.from(der).toString("hex");
  const match = /^30(..)02(..)/.exec(hex);
  const length = Number.parseInt(match?.[2] ?? "ff", 16);
  const r = hex.slice(8, 8 + 2 * length);
  const rest = /^02(..)((?:..)+)$/.exec(hex.slice(8 + 2 * length));
  const s = rest?.[2] ?? "";
  const isWhole =
    Number.parseInt(match?.[1] ?? "", 16) === der.length - 2 &&
    s.length === 2 * Number.parseInt(rest?.[1] ?? "", 16);
  if (!isWhole || length < 1 || length > 33 || s.length > 66) return undefined;
  return { r: BigInt(`0x${r}`), s: BigInt(`0x${s}`) };
}
