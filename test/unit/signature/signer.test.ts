import { inspect } from "node:util";
import { Transaction, verifyTypedData } from "ethers";
import { describe, expect, test } from "vitest";
import { privateKeySigner } from "../../../src/signature/signer.ts";
import { codeOf, failureOf } from "../../support/errors.ts";

const key = "7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d";
const order = "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141";

describe("privateKeySigner", () => {
  test("takes a key with and without 0x, in any case, with white space around it", () => {
    const addresses = [key, `0x${key}`, ` 0X${key.toUpperCase()}\n`].map(
      (text) => privateKeySigner(text).address,
    );
    expect(new Set(addresses)).toEqual(new Set(["0x008AeEda4D805471dF9b2A5B0f38A0C3bCBA786b"]));
  });

  test.each([
    ["nothing", ""],
    ["a short key", key.slice(2)],
    ["a long key", `${key}00`],
    ["zero", "00".repeat(32)],
    ["the curve's order", order],
    ["what is no hex", "zz".repeat(32)],
  ])("refuses %s without repeating it", async (_, text) => {
    const failure = await failureOf(() => privateKeySigner(text));
    expect(failure.code).toBe("KEY_INVALID");
    if (text !== "") expect(inspect(failure, { depth: 9, showHidden: true })).not.toContain(text);
  });

  test("signs typed data and transactions so that its address is recovered", async () => {
    const signer = privateKeySigner(key);
    const data = {
      domain: { name: "DaoChain", version: "1", chainId: 2016 },
      types: { Claim: [{ name: "repository", type: "string" }] },
      primaryType: "Claim",
      message: { repository: "docker.io/acme/api" },
    };
    const signature = await signer.signTypedData(data);
    expect(verifyTypedData(data.domain, data.types, data.message, signature)).toBe(signer.address);
    const raw = await signer.signTransaction({
      type: 0,
      chainId: 2016,
      nonce: 1,
      gasLimit: 21_000,
      gasPrice: 0n,
    });
    expect(Transaction.from(raw)).toMatchObject({ from: signer.address, nonce: 1, chainId: 2016n });
  });

  test("does not show its key", () => {
    const shown = inspect(privateKeySigner(key), { depth: 9, showHidden: true });
    expect(shown).not.toContain(key);
    expect(JSON.stringify(privateKeySigner(key))).not.toContain(key);
  });

  test("has codes for failures only", async () => {
    expect(await codeOf(() => privateKeySigner("x"))).toBe("KEY_INVALID");
  });
});
