import { type IncomingHttpHeaders, request } from "node:http";
import { connect } from "node:net";
import { Contract, ContractFactory, Interface, JsonRpcProvider, Wallet } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startChain } from "../../support/chain-process.ts";
import { probeCode, temporaryDirectory, words } from "../../support/embedded-chain.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let chain: Awaited<ReturnType<typeof startChain>>;

beforeAll(async () => {
  directory = await temporaryDirectory();
  chain = await startChain(directory.path);
});

afterAll(async () => {
  await chain[Symbol.asyncDispose]();
  await directory[Symbol.asyncDispose]();
});

const question = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
const json = { "content-type": "application/json" };

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

function ask(options: {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}): Promise<Answer> {
  const { method = "POST", headers = json, body = question } = options;
  return new Promise((resolve, reject) => {
    const sent = request(chain.url, { method, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    sent.on("error", reject).end(method === "GET" ? undefined : body);
  });
}

/** Writes raw bytes and gives everything that comes back until the other side closes. */
function talk(bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connect(Number(new URL(chain.url).port), "127.0.0.1", () => socket.write(bytes));
    socket.on("data", (data) => {
      heard += data;
    });
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(heard));
  });
}

describe("the door", () => {
  test("answers a client on this machine", async () => {
    expect(await ask({})).toMatchObject({ status: 200, text: '{"jsonrpc":"2.0","id":1,"result":"0x7e0"}' });
    const port = new URL(chain.url).port;
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
      expect(await ask({ headers: { ...json, host } })).toMatchObject({ status: 200 });
    }
  });

  test("is on the loopback interface only", () => {
    expect(new URL(chain.url).hostname).toBe("127.0.0.1");
  });

  test.each([
    ["a web page's origin", { headers: { ...json, origin: "http://localhost:8545" } }, 403],
    ["an opaque origin", { headers: { ...json, origin: "null" } }, 403],
    [
      "a name that was bound to the loopback address",
      { headers: { ...json, host: "evil.example:8545" } },
      403,
    ],
    [
      "a name that only begins like this machine's",
      { headers: { ...json, host: "localhost.evil.example" } },
      403,
    ],
    ["GET", { method: "GET" }, 405],
    ["a browser's preflight", { method: "OPTIONS" }, 405],
    ["a form's content type", { headers: { "content-type": "text/plain" } }, 415],
    ["no content type", { headers: {} }, 415],
    ["a body over the limit", { body: Buffer.alloc(1_048_577, 32) }, 413],
    [
      "an endless body",
      { headers: { ...json, "transfer-encoding": "chunked" }, body: Buffer.alloc(1_200_000, 32) },
      413,
    ],
  ])("refuses %s", async (_, options, status) => {
    const answer = await ask(options).catch((error: NodeJS.ErrnoException) => error);
    // The refusal may come as a reset where the body is still on its way.
    if (answer instanceof Error) expect(["EPIPE", "ECONNRESET"]).toContain(answer.code);
    else {
      expect(answer.status).toBe(status);
      expect(JSON.parse(answer.text)).toMatchObject({ error: { code: -32600 } });
      expect(answer.headers["access-control-allow-origin"]).toBeUndefined();
    }
    expect(await ask({})).toMatchObject({ status: 200 });
  });

  test("lets go of those who send no request, half of one, or rubbish", async () => {
    const head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n";
    const heard = await Promise.all([
      talk("\u0000\u0001\u0002\r\n\r\n"),
      talk(`${head}X: ${"a".repeat(20_000)}\r\n\r\n`),
      talk(`${head}X-Slow: `),
      talk("GET /"),
    ]);
    for (const answer of heard) expect(answer).not.toMatch(/ 200 /);
    expect(await ask({})).toMatchObject({ status: 200 });
  });

  test("keeps serving while many connections are held open", async () => {
    const sockets = Array.from({ length: 300 }, () => connect(Number(new URL(chain.url).port), "127.0.0.1"));
    await Promise.all(
      sockets.map(
        (socket) =>
          new Promise((resolve) => {
            socket.on("error", resolve).on("connect", resolve).on("close", resolve);
          }),
      ),
    );
    for (const socket of sockets) socket.destroy();
    await expect.poll(async () => (await ask({}).catch(() => undefined))?.status).toBe(200);
  });
});

describe("ethers", () => {
  const abi = new Interface([
    "error Beef()",
    "event Word(uint256 indexed topic)",
    "function time() view returns (uint256)",
  ]);

  test("deploys, sends, waits, filters logs and decodes a revert through the door", async () => {
    const provider = new JsonRpcProvider(chain.url, undefined, { cacheTimeout: -1 });
    try {
      const wallet = new Wallet(Wallet.createRandom().privateKey, provider);
      const contract = await new ContractFactory(abi, probeCode, wallet).deploy();
      await contract.waitForDeployment();
      const to = await contract.getAddress();
      const receipt = await (await wallet.sendTransaction({ to, data: words(9, 4) })).wait();
      expect(receipt).toMatchObject({ status: 1, gasPrice: 0n });
      expect(await provider.getStorage(to, 9)).toBe(words(1));
      const logs = await provider.getLogs({ address: to, topics: [words(4)], fromBlock: 0 });
      expect(logs).toHaveLength(1);
      expect(logs[0]?.transactionHash).toBe(receipt?.hash);
      const failing = { to, data: "0x" };
      await expect(provider.call(failing)).rejects.toMatchObject({
        code: "CALL_EXCEPTION",
        data: "0xdeadbeef",
      });
      await expect(wallet.estimateGas(failing)).rejects.toMatchObject({
        code: "CALL_EXCEPTION",
        data: "0xdeadbeef",
      });
      // A transaction that reverts is mined all the same.
      const reverted = await wallet.sendTransaction({ ...failing, gasLimit: 100_000 });
      await expect(reverted.wait()).rejects.toMatchObject({ code: "CALL_EXCEPTION", receipt: { status: 0 } });
      const stale = wallet.sendTransaction({ to, data: words(1), nonce: 0, gasLimit: 100_000 });
      await expect(stale).rejects.toMatchObject({ code: "NONCE_EXPIRED" });
      expect(new Contract(to, abi, provider).target).toBe(to);
    } finally {
      provider.destroy();
    }
  });
});
