import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerRpc } from "../../../src/embedded-chain/rpc-dispatch.ts";
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
  await chain.writer.submit(await new TestSender("rpc").sign({ data: "0x00" }));
});

afterAll(async () => {
  await chain.close();
  await directory[Symbol.asyncDispose]();
});

/** Asserts what every answer must be, and that nothing but a foreseen error happened. */
async function check(text: string): Promise<void> {
  const defects: unknown[] = [];
  const answer = await answerRpc(text, chain.methods, (error) => defects.push(error));
  expect(defects).toEqual([]);
  for (const one of answer === undefined ? [] : [JSON.parse(answer)].flat()) {
    expect(one).toMatchObject({ jsonrpc: "2.0" });
    expect("result" in one).not.toBe("error" in one);
    if ("error" in one) {
      expect(one.error).toMatchObject({ code: expect.any(Number), message: expect.any(String) });
      expect(one.error.code).not.toBe(-32603);
      expect(one.error.message).not.toMatch(/\n|node_modules|\.rs:/);
    }
  }
  expect(chain.writer.head.number).toBe(1);
}

const hex = fc.oneof(
  fc.constantFrom(
    "0x",
    "0x0",
    "latest",
    "earliest",
    "pending",
    "finalized",
    `0x${"00".repeat(20)}`,
    `0x${"ff".repeat(32)}`,
  ),
  fc.bigInt({ min: 0n, max: 2n ** 256n }).map((number) => `0x${number.toString(16)}`),
);
const parameter = fc.oneof(
  hex,
  hex,
  fc.boolean(),
  fc.array(hex, { maxLength: 4 }),
  fc.dictionary(
    fc.constantFrom(
      "to",
      "from",
      "data",
      "input",
      "gas",
      "value",
      "address",
      "topics",
      "fromBlock",
      "toBlock",
      "blockHash",
    ),
    fc.oneof(
      hex,
      fc.array(fc.oneof(hex, fc.constant(null)), { maxLength: 5 }),
      fc.jsonValue({ maxDepth: 2 }),
    ),
    { maxKeys: 5 },
  ),
  fc.jsonValue({ maxDepth: 3 }),
);

describe("the door", () => {
  test("answers any text with JSON-RPC", async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), fc.json(), fc.string({ unit: "binary" })), check),
      {
        numRuns: 500,
      },
    );
  });

  test("answers any parameters of any method with a result or a foreseen error", async () => {
    const request = fc.record({
      jsonrpc: fc.constant("2.0"),
      id: fc.oneof(fc.nat(), fc.string(), fc.constant(null)),
      method: fc.constantFrom(...chain.methods.keys()),
      params: fc.array(parameter, { maxLength: 4 }),
    });
    const requests = fc.oneof(request, request, fc.array(request, { maxLength: 5 }));
    await fc.assert(
      fc.asyncProperty(requests, (value) => check(JSON.stringify(value))),
      { numRuns: 2000 },
    );
  });
});
