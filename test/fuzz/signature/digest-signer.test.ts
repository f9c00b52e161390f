import { generateKeyPairSync } from "node:crypto";
import { verifyTypedData } from "ethers";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isDaoChainError } from "../../../src/errors.ts";
import { digestSigner } from "../../../src/signature/digest-signer.ts";

const { publicKey } = generateKeyPairSync("ec", { namedCurve: "secp256k1" });
const spki = publicKey.export({ format: "der", type: "spki" });
const domain = { name: "DaoChain" };
const types = { Note: [{ name: "text", type: "string" }] };

/** Bytes that look like DER, to get past the first look. */
const integer = fc
  .uint8Array({ minLength: 0, maxLength: 40 })
  .map((bytes) => Uint8Array.of(2, bytes.length, ...bytes));
const almostDer = fc
  .tuple(integer, integer, fc.uint8Array({ maxLength: 2 }))
  .map(([r, s, rest]) => Uint8Array.of(0x30, r.length + s.length, ...r, ...s, ...rest));

test("whatever a KMS answers, it is that key's signature or SIGNER_SIGNATURE_WRONG", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.oneof(fc.uint8Array({ maxLength: 100 }), almostDer),
      fc.string(),
      async (answer, text) => {
        const signer = digestSigner(spki, async () => answer);
        const message = { text: text.toWellFormed() };
        try {
          const signature = await signer.signTypedData({ domain, types, primaryType: "Note", message });
          expect(verifyTypedData(domain, types, message, signature)).toBe(signer.address);
        } catch (error) {
          if (!isDaoChainError(error, "SIGNER_SIGNATURE_WRONG")) throw error;
        }
      },
    ),
    { numRuns: 1000 },
  );
});
