import { generateKeyPairSync } from "node:crypto";
import {
  getBytes,
  randomBytes,
  recoverAddress,
  SigningKey,
  Transaction,
  toBeArray,
  verifyTypedData,
} from "ethers";
import { describe, expect, test } from "vitest";
import { digestSigner, toSignature } from "../../../src/signature/digest-signer.ts";
import { codeOf } from "../../support/errors.ts";

const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const { d = "" } = privateKey.export({ format: "jwk" });
const key = new SigningKey(Buffer.from(d, "base64url"));
const spki = publicKey.export({ format: "der", type: "spki" });

function integer(value: bigint): Buffer {
  const bytes = Buffer.from(toBeArray(value));
  const body = (bytes[0] ?? 0) > 0x7f ? Buffer.concat([Buffer.of(0), bytes]) : bytes;
  return Buffer.concat([Buffer.of(2, body.length), body]);
}

function der(r: bigint, s: bigint): Buffer {
  const body = Buffer.concat([integer(r), integer(s)]);
  return Buffer.concat([Buffer.of(0x30, body.length), body]);
}

/** What a KMS answers: s in either half. */
function kms(digest: Uint8Array, high: boolean, signing = key): Buffer {
  const { r, s } = signing.sign(digest);
  return der(BigInt(r), high ? order - BigInt(s) : BigInt(s));
}

const data = (text: string) => ({
  domain: { name: "DaoChain", chainId: 2016 },
  types: { Note: [{ name: "text", type: "string" }] },
  primaryType: "Note",
  message: { text },
});

describe("digestSigner", () => {
  test.each([false, true])(
    "signs as its key does, whichever s it is given (upper half: %s)",
    async (high) => {
      const signer = digestSigner(spki, async (digest) => kms(digest, high));
      for (let i = 0; i < 40; i++) {
        const { domain, types, message, ...rest } = data(`note ${i}`);
        const signature = await signer.signTypedData({ domain, types, message, ...rest });
        expect(verifyTypedData(domain, types, message, signature)).toBe(signer.address);
        expect(BigInt(`0x${signature.slice(66, 130)}`) <= order / 2n).toBe(true);
        expect(["1b", "1c"]).toContain(signature.slice(-2));
      }
      const fields = { type: 0, chainId: 2016, nonce: 3, gasLimit: 21_000, gasPrice: 0n, to: signer.address };
      const raw = await signer.signTransaction(fields);
      expect(Transaction.from(raw)).toMatchObject({ from: signer.address, nonce: 3, chainId: 2016n });
    },
  );

  test("refuses a public key of another curve, and what is none", async () => {
    const other = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
    const sign = async (): Promise<Uint8Array> => new Uint8Array();
    for (const bytes of [
      other.publicKey.export({ format: "der", type: "spki" }),
      Buffer.from("no key"),
      Buffer.alloc(0),
    ]) {
      expect(await codeOf(() => digestSigner(bytes, sign))).toBe("PUBLIC_KEY_INVALID");
    }
  });

  const real = kms(randomBytes(32), false);
  test.each<[string, (digest: Uint8Array) => Uint8Array]>([
    ["another digest's signature", () => real],
    ["another key's", (digest) => kms(digest, false, new SigningKey(randomBytes(32)))],
    ["nothing", () => Buffer.alloc(0)],
    ["half of it", (digest) => kms(digest, false).subarray(0, 40)],
    ["more behind it", (digest) => Buffer.concat([kms(digest, false), Buffer.of(0)])],
    ["zeros", () => der(0n, 0n)],
    ["r beyond the order", () => der(order, 1n)],
    ["s beyond the order", (digest) => der(BigInt(key.sign(digest).r), order + 1n)],
    ["numbers of 40 bytes", () => der(2n ** 320n - 1n, 2n ** 320n - 1n)],
    ["64 bytes without DER", (digest) => getBytes(key.sign(digest).compactSerialized)],
  ])("refuses %s", async (_, sign) => {
    const signer = digestSigner(spki, async (digest) => sign(digest));
    expect(await codeOf(() => signer.signTypedData(data("note")))).toBe("SIGNER_SIGNATURE_WRONG");
  });
});

test("toSignature finds v by the address", () => {
  const signer = digestSigner(spki, async (digest) => kms(digest, false));
  const digest = `0x${"5a".repeat(32)}`;
  const { r, s, serialized } = key.sign(digest);
  const found = toSignature(digest, { r: BigInt(r), s: BigInt(s) }, signer.address, "the test");
  expect(found.serialized).toBe(serialized);
  expect(recoverAddress(digest, found)).toBe(signer.address);
});
