import { id } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { organisationId } from "../../../src/claim/claim.ts";
import { signImage } from "../../../src/operations/sign.ts";
import { externalSigner, listSignerAccounts } from "../../../src/signature/external-signer.ts";
import { encryptKeystore } from "../../../src/signature/keystore.ts";
import { signApproval } from "../../../src/signature/signed-claim.ts";
import { Clef } from "../../support/clef.ts";
import { Consortium, keyOf, signerOf } from "../../support/consortium.ts";
import { codeOf } from "../../support/errors.ts";
import { findProgram } from "../../support/programs.ts";

const program = findProgram("clef");
const { address } = signerOf("acme");

describe.skipIf(program === undefined)("Clef, with a keystore file of ours", () => {
  let clef: Clef;
  beforeAll(async () => {
    const password = "correct horse";
    clef = await Clef.start(program ?? "", await encryptKeystore(keyOf("acme"), password), password);
  });
  afterAll(() => clef?.[Symbol.asyncDispose]());
  beforeEach(() => {
    clef.approves = true;
    clef.asked.length = 0;
  });

  test("lists its account when the person agrees", async () => {
    expect(await listSignerAccounts({ url: clef.url })).toEqual([address]);
    expect(clef.asked).toEqual(["ui_approveListing"]);
  });

  test.each(["http", "unix"])("signs a claim as a key in this process does (%s)", async (transport) => {
    const url = transport === "http" ? clef.url : `unix:${clef.socket}`;
    const claim = {
      organisation: organisationId("acme"),
      repository: "docker.io/acme/api",
      tag: "1.0",
      subjects: [
        { kind: "config", digest: `sha256:${"ab".repeat(32)}`, platform: "linux/amd64" },
        { kind: "manifest", digest: `sha256:${"cd".repeat(32)}`, platform: "" },
      ],
      issuedAt: 1_800_000_000,
      expiresAt: 0,
      annotations: `0x${"00".repeat(32)}`,
    } as Parameters<typeof signApproval>[1];
    const place = { chainId: 2016, registry: signerOf("registry").address };
    expect(await signApproval(externalSigner({ url, address }), claim, place)).toEqual(
      await signApproval(signerOf("acme"), claim, place),
    );
    expect(clef.asked).toEqual(["ui_approveSignData", "ui_onInputRequired"]);
  });

  test("signs an image, and the transaction that records it", async () => {
    const chain = await Consortium.start();
    try {
      const acme = await chain.admit("acme");
      const image = chain.image("docker.io/acme/api");
      const signer = externalSigner({ url: clef.url, address });
      expect(await signImage(chain.connection, signer, acme, image)).toMatchObject({
        status: "signed",
        claim: { signers: [address] },
      });
      expect(await chain.statusOf(image)).toBe("verified");
      expect(clef.asked).toContain("ui_approveTx");
    } finally {
      await chain.stop();
    }
  });

  test("is shown what an act is, by its name", async () => {
    const signer = externalSigner({ url: clef.url, address });
    const data = `0x${id("setThreshold(bytes32,uint16)").slice(2, 10)}${"00".repeat(64)}`;
    const call = { type: 0, chainId: 2016, to: address, data, nonce: 0, gasLimit: 50_000, gasPrice: 0 };
    // It does not sign what it cannot name.
    expect(await codeOf(() => signer.signTransaction(call))).toBe("SIGNER_REFUSED");
    expect(await signer.signTransaction(call, "setThreshold(bytes32,uint16)")).toBe(
      await signerOf("acme").signTransaction(call),
    );
  });

  test("is refused by the person", async () => {
    clef.approves = false;
    const signer = externalSigner({ url: clef.url, address });
    const data = { domain: { name: "x" }, types: { A: [{ name: "a", type: "string" }] }, primaryType: "A" };
    expect(await codeOf(() => signer.signTypedData({ ...data, message: { a: "b" } }))).toBe("SIGNER_REFUSED");
    const transaction = { type: 0, chainId: 2016, to: address, nonce: 0, gasLimit: 21_000, gasPrice: 0 };
    expect(await codeOf(() => signer.signTransaction(transaction))).toBe("SIGNER_REFUSED");
  });

  test("has no other account", async () => {
    const signer = externalSigner({ url: clef.url, address: signerOf("other").address });
    const transaction = { type: 0, chainId: 2016, to: address, nonce: 0, gasLimit: 21_000, gasPrice: 0 };
    expect(await codeOf(() => signer.signTransaction(transaction))).toBe("SIGNER_REFUSED");
  });
});
