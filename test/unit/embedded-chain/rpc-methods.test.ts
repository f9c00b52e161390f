import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answerRpc } from "../../../src/embedded-chain/rpc-dispatch.ts";
import {
  openTestChain,
  probeCode,
  type TestChain,
  TestSender,
  temporaryDirectory,
  words,
} from "../../support/embedded-chain.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let chain: TestChain;
let probe: string;
let hash: string;
const sender = new TestSender("methods");

beforeAll(async () => {
  directory = await temporaryDirectory();
  chain = await openTestChain(directory.path);
  hash = await chain.writer.submit(await sender.sign({ data: probeCode }));
  const receipt = await chain.rpc("eth_getTransactionReceipt", hash);
  probe = (receipt as { contractAddress: string }).contractAddress;
  await chain.writer.submit(await sender.sign({ to: probe, data: words(7) }));
});

afterAll(async () => {
  expect(chain.defects).toEqual([]);
  await chain.close();
  await directory[Symbol.asyncDispose]();
});

const raw = async (text: string) =>
  JSON.parse((await answerRpc(text, chain.methods, () => undefined)) ?? "null");

describe("the door's methods", () => {
  test("are these and no others", () => {
    expect([...chain.methods.keys()].sort()).toEqual([
      "daochain_status",
      "eth_blockNumber",
      "eth_call",
      "eth_chainId",
      "eth_estimateGas",
      "eth_feeHistory",
      "eth_gasPrice",
      "eth_getBalance",
      "eth_getBlockByHash",
      "eth_getBlockByNumber",
      "eth_getCode",
      "eth_getLogs",
      "eth_getProof",
      "eth_getStorageAt",
      "eth_getTransactionByHash",
      "eth_getTransactionCount",
      "eth_getTransactionReceipt",
      "eth_maxPriorityFeePerGas",
      "eth_sendRawTransaction",
      "net_version",
      "web3_clientVersion",
    ]);
  });

  test.each([
    "hardhat_mine",
    "hardhat_setBalance",
    "hardhat_setCode",
    "hardhat_setStorageAt",
    "hardhat_impersonateAccount",
    "hardhat_reset",
    "evm_mine",
    "evm_increaseTime",
    "evm_snapshot",
    "evm_revert",
    "debug_traceTransaction",
    "eth_sendTransaction",
    "eth_sign",
    "eth_accounts",
    "eth_newFilter",
    "eth_subscribe",
    "personal_sign",
    "__proto__",
    "constructor",
  ])("%s does not exist, and changes nothing", async (method) => {
    const before = await chain.rpc("eth_getBlockByNumber", "latest", false);
    await expect(chain.rpc(method, "0x1")).rejects.toMatchObject({ code: -32601 });
    expect(await chain.rpc("eth_getBlockByNumber", "latest", false)).toEqual(before);
  });

  test("read the chain", async () => {
    expect(await chain.rpc("eth_chainId")).toBe("0x7e0");
    expect(await chain.rpc("net_version")).toBe("2016");
    expect(await chain.rpc("eth_blockNumber")).toBe("0x2");
    expect(await chain.rpc("eth_gasPrice")).toBe("0x0");
    expect(await chain.rpc("eth_maxPriorityFeePerGas")).toBe("0x0");
    expect(await chain.rpc("eth_getStorageAt", probe, "0x7", "latest")).toBe(words(1));
    expect(await chain.rpc("eth_getStorageAt", probe, words(7), "0x1")).toBe(words(0));
    expect(await chain.rpc("eth_getBalance", sender.wallet.address, "latest")).toBe("0x0");
    expect(await chain.rpc("eth_getTransactionCount", sender.wallet.address, "pending")).toBe("0x2");
    expect(await chain.rpc("eth_getTransactionByHash", hash)).toMatchObject({ hash, blockNumber: "0x1" });
    expect(await chain.rpc("eth_getTransactionByHash", words(5))).toBeNull();
    expect(await chain.rpc("eth_getProof", probe, ["0x7"], "latest")).toMatchObject({
      storageProof: [{ value: "0x1" }],
    });
    expect(await chain.rpc("eth_feeHistory", "0x2", "latest", [50])).toMatchObject({
      baseFeePerGas: ["0x0", "0x0", "0x0"],
    });
    expect(await chain.rpc("web3_clientVersion")).toMatch(/^daochain\/edr\//);
  });

  test("run calls on the latest block at the machine's time, and on an older one at that block's", async () => {
    const now = Math.floor(Date.now() / 1000);
    const time = Number(await chain.rpc("eth_call", { to: probe, data: "0x01" }, "latest"));
    expect(time).toBeGreaterThanOrEqual(now);
    expect(time).toBeLessThanOrEqual(Math.floor(Date.now() / 1000) + 1);
    const block = (await chain.rpc("eth_getBlockByNumber", "0x1", false)) as { timestamp: string };
    expect(Number(await chain.rpc("eth_call", { to: probe, data: "0x01" }, "0x1"))).toBe(
      Number(block.timestamp),
    );
  });

  test.each(["eth_call", "eth_estimateGas"])(
    "give what %s reverted with, as clients expect it",
    async (method) => {
      await expect(chain.rpc(method, { to: probe }, "latest")).rejects.toMatchObject({
        code: 3,
        message: expect.stringMatching(/^execution reverted/),
        data: "0xdeadbeef",
      });
    },
  );

  test("cut the gas of a call to what one may use", async () => {
    // Returns the gas that is left.
    const left = { data: "0x5a5f5260205ff3", gas: "0xffffffffffffffff" };
    const gas = Number(await chain.rpc("eth_call", left, "latest"));
    expect(gas).toBeGreaterThan(16_000_000);
    expect(gas).toBeLessThan(16_777_216);
  });

  test.each([
    ["eth_call", [{ to: "0x1" }]],
    ["eth_call", ["0x"]],
    ["eth_call", [{}, "tomorrow"]],
    ["eth_call", [{}, "latest", { [`0x${"00".repeat(20)}`]: { balance: "0x1" } }]],
    ["eth_getBalance", []],
    ["eth_getBalance", [1, "latest"]],
    ["eth_getBlockByNumber", ["0x1", "yes"]],
    ["eth_getBlockByNumber", ["0xffffffffffffffffff", false]],
    ["eth_getBlockByHash", ["0x1", false]],
    ["eth_getProof", [`0x${"00".repeat(20)}`, Array(65).fill("0x0"), "latest"]],
    ["eth_getStorageAt", [`0x${"00".repeat(20)}`, "0xzz", "latest"]],
    ["eth_feeHistory", ["0xffff", "latest", []]],
    ["eth_feeHistory", ["0x1", "latest", [90, 10]]],
    ["eth_sendRawTransaction", ["0x"]],
    ["eth_sendRawTransaction", [`0x${"00".repeat(131_073)}`]],
  ])("%s refuses wrong parameters (%#)", async (method, parameters) => {
    await expect(chain.rpc(method, ...parameters)).rejects.toMatchObject({ code: -32602 });
  });
});

describe("JSON-RPC", () => {
  const request = (id: unknown, method = "eth_chainId") => ({ jsonrpc: "2.0", id, method, params: [] });

  test("answers batches in their order, without notifications", async () => {
    const batch = [request(1), request(undefined), request("b", "evm_mine"), 5];
    expect(await raw(JSON.stringify(batch))).toEqual([
      { jsonrpc: "2.0", id: 1, result: "0x7e0" },
      { jsonrpc: "2.0", id: "b", error: { code: -32601, message: expect.any(String) } },
      { jsonrpc: "2.0", id: null, error: { code: -32600, message: expect.any(String) } },
    ]);
    expect(await raw(JSON.stringify([request(undefined)]))).toBeNull();
  });

  test.each([
    ["no JSON", "{", -32700],
    ["nothing", "", -32700],
    ["an empty batch", "[]", -32600],
    ["a batch over the limit", JSON.stringify(Array(101).fill(request(1))), -32600],
    ["deep nesting", `${"[".repeat(100_000)}${"]".repeat(100_000)}`, -32600],
    ["an id that is an object", JSON.stringify(request({})), -32600],
    ["params by name", JSON.stringify({ ...request(1), params: {} }), -32602],
  ])("refuses %s", async (_, text, code) => {
    expect(await raw(text)).toMatchObject({ error: { code } });
  });
});
