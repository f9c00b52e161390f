import { Transaction, verifyTypedData } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type ExternalSignerOptions,
  externalSigner,
  listSignerAccounts,
} from "../../../src/signature/external-signer.ts";
import type { TypedData } from "../../../src/signature/signer.ts";
import { signerOf } from "../../support/consortium.ts";
import { codeOf } from "../../support/errors.ts";
import { SignerProcess } from "../../support/external-signer.ts";
import type { Behaviour } from "../../support/signer-process.ts";

const { address } = signerOf("holder");
const data: TypedData = {
  domain: { name: "DaoChain", version: "1", chainId: 2016n, verifyingContract: signerOf("registry").address },
  types: {
    Claim: [
      { name: "repository", type: "string" },
      { name: "issuedAt", type: "uint64" },
      { name: "subjects", type: "Subject[]" },
    ],
    Subject: [{ name: "digest", type: "bytes32" }],
  },
  primaryType: "Claim",
  message: {
    repository: "docker.io/acme/api",
    issuedAt: 1_800_000_000n,
    subjects: [{ digest: `0x${"ab".repeat(32)}` }],
  },
};
const transaction = {
  type: 0,
  chainId: 2016,
  to: signerOf("registry").address,
  data: "0x1234",
  nonce: 7,
  gasLimit: 90_000,
  gasPrice: 0n,
};

let process_: SignerProcess;
afterEach(() => process_[Symbol.asyncDispose]());
const open = (more: Partial<ExternalSignerOptions> = {}) =>
  externalSigner({ url: process_.url, address, ...more });

async function expectSigns(signer: ReturnType<typeof open>): Promise<void> {
  const signature = await signer.signTypedData(data);
  expect(verifyTypedData(data.domain, data.types, data.message, signature)).toBe(address);
  // What the contract takes: s in the lower half, v 27 or 28.
  expect(signature).toBe(await signerOf("holder").signTypedData(data));
  const raw = await signer.signTransaction(transaction);
  expect(raw).toBe(await signerOf("holder").signTransaction(transaction));
  expect(Transaction.from(await signer.signTransaction({ ...transaction, to: null })).to).toBeNull();
}

describe.each(["v4", "clef", "web3signer"] as const)("a signer that speaks as %s", (dialect) => {
  beforeEach(async () => {
    process_ = await SignerProcess.start("holder", dialect);
  });

  test("signs typed data and transactions, over HTTP and over its socket, and lists its accounts", async () => {
    await expectSigns(open());
    await expectSigns(open({ url: `unix:${process_.socket}` }));
    expect(await listSignerAccounts({ url: process_.url })).toEqual([address]);
    expect(await listSignerAccounts({ url: `unix:${process_.socket}` })).toEqual([address]);
  });
});

describe("a signer that misbehaves", () => {
  beforeEach(async () => {
    process_ = await SignerProcess.start("holder");
  });

  test.each<[Behaviour, string, string?]>([
    ["another-key", "SIGNER_SIGNATURE_WRONG"],
    ["altered", "SIGNER_SIGNATURE_WRONG", "SIGNER_TRANSACTION_WRONG"],
    ["garbage", "SIGNER_SIGNATURE_WRONG", "SIGNER_TRANSACTION_WRONG"],
    ["huge", "SIGNER_ANSWER_TOO_LARGE"],
    ["denies", "SIGNER_REFUSED"],
  ])("%s: %s", async (behaviour, code, ofTransaction = code) => {
    await process_.behave(behaviour);
    expect(await codeOf(() => open().signTypedData(data))).toBe(code);
    expect(await codeOf(() => open().signTransaction(transaction))).toBe(ofTransaction);
  });

  test("signs for another chain: nothing is handed on", async () => {
    await process_.behave("another-chain");
    expect(await codeOf(() => open().signTransaction(transaction))).toBe("SIGNER_TRANSACTION_WRONG");
  });

  test("gives s in the upper half, or v as 0 and 1: it is put right", async () => {
    await process_.behave("high-s");
    expect(await open().signTypedData(data)).toBe(await signerOf("holder").signTypedData(data));
  });

  test("lists what are no accounts", async () => {
    await process_.behave("garbage");
    expect(await codeOf(() => listSignerAccounts({ url: process_.url }))).toBe("SIGNER_ACCOUNTS_UNTOLD");
  });

  test.each(["http", "unix"])("says nothing: whoever waits is told, and can stop (%s)", async (transport) => {
    await process_.behave("silent");
    const abort = new AbortController();
    const waited: string[] = [];
    const signer = open({
      ...(transport === "unix" ? { url: `unix:${process_.socket}` } : {}),
      signal: abort.signal,
      onWait: (label) => {
        waited.push(label);
        abort.abort();
      },
    });
    expect(await codeOf(() => signer.signTypedData(data))).toBe("CANCELLED");
    expect(waited).toHaveLength(1);
  });

  test("is not there", async () => {
    const { url, socket } = process_;
    await process_[Symbol.asyncDispose]();
    for (const gone of [url, `unix:${socket}`]) {
      expect(await codeOf(() => open({ url: gone }).signTypedData(data))).toBe("SIGNER_UNREACHABLE");
    }
  });
});
