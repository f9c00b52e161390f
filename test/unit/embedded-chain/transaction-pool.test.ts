import { decodeRlp, encodeRlp, keccak256, toBeHex } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  openTestChain,
  type TestChain,
  TestSender,
  temporaryDirectory,
} from "../../support/embedded-chain.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let chain: TestChain;

beforeAll(async () => {
  directory = await temporaryDirectory();
  chain = await openTestChain(directory.path);
});

afterAll(async () => {
  expect(chain.defects).toEqual([]);
  expect(chain.writer.head.number).toBe(3);
  await chain.close();
  await directory[Symbol.asyncDispose]();
});

const curveOrder = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** A valid transaction of an account that never sent one. */
async function fresh(fields: object = {}): Promise<string> {
  const sender = new TestSender(`${Math.random()}`);
  return sender.sign({ to: sender.wallet.address, ...fields });
}

/** The same with some of its RLP items replaced. */
function change(raw: string, changes: Record<number, (item: string) => string>): string {
  const items = decodeRlp(raw);
  if (typeof items === "string") throw new TypeError("not a list");
  return encodeRlp(items.map((item, index) => changes[index]?.(String(item)) ?? item));
}

describe("admission", () => {
  test.each([
    ["legacy", { type: 0 }],
    ["with an access list", { type: 1, accessList: [] }],
    ["with fees by EIP-1559", { type: 2, gasPrice: null, maxFeePerGas: 0, maxPriorityFeePerGas: 0 }],
  ])("takes a transaction %s", async (_, fields) => {
    const raw = await fresh(fields);
    expect(await chain.writer.submit(raw)).toBe(keccak256(raw));
  });

  test.each<[string, () => Promise<string>]>([
    ["with bytes after it", async () => `${await fresh()}00`],
    ["not signed for a chain", async () => change(await fresh(), { 6: () => "0x1b" })],
    ["signed for another chain", () => fresh({ chainId: 1 })],
    [
      "with the other, malleable signature",
      async () =>
        change(await fresh(), {
          6: (v) => toBeHex(BigInt(v) % 2n === 0n ? BigInt(v) - 1n : BigInt(v) + 1n),
          8: (s) => toBeHex(curveOrder - BigInt(s)),
        }),
    ],
    ["with a number that begins with zero", async () => change(await fresh(), { 4: () => "0x00" })],
    ["of an unknown type", async () => `0x7f${(await fresh()).slice(4)}`],
    ["with blobs", async () => `0x03${(await fresh()).slice(2)}`],
    ["that creates a contract of nothing", () => fresh({ to: null, data: "0x" })],
    ["with too little gas", () => fresh({ gasLimit: 20_999 })],
    ["with too much gas", () => fresh({ gasLimit: 16_777_217 })],
    ["that spends what it does not have", () => fresh({ value: 1 })],
    ["that offers a price it cannot pay", () => fresh({ gasPrice: 1 })],
    ["whose nonce has a gap before it", () => fresh({ nonce: 1 })],
    ["of more than 128 KiB", () => fresh({ data: `0x${"00".repeat(131_072)}`, gasLimit: 2_000_000 })],
  ])("refuses one %s", async (_, make) => {
    await expect(chain.writer.submit(await make())).rejects.toMatchObject({ name: "EngineError" });
  });
});
