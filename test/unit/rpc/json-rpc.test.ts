import type { IncomingMessage, ServerResponse } from "node:http";
import { inspect } from "node:util";
import { afterEach, describe, expect, test } from "vitest";
import { JsonRpc, JsonRpcFailure, type RpcCall } from "../../../src/rpc/json-rpc.ts";
import { codeOf, failureOf } from "../../support/errors.ts";
import { serve, serveRpc } from "../../support/http-server.ts";

const opened: JsonRpc[] = [];
afterEach(() => {
  for (const rpc of opened.splice(0)) rpc.close();
});

function open(url: string, signal?: AbortSignal): JsonRpc {
  const rpc = new JsonRpc(url, signal);
  opened.push(rpc);
  return rpc;
}

/** The code with which a call fails where every request is answered so. */
async function codeFor(
  listener: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<string> {
  const rpc = open(await serve(listener));
  return codeOf(() => rpc.call("eth_chainId"));
}

/** The failure of a call to which the endpoint answers with an error. */
async function refusal(error: unknown): Promise<JsonRpcFailure> {
  const rpc = open(await serveRpc(() => ({ error })));
  const thrown = await rpc.call("eth_call").catch((cause: unknown) => cause);
  if (thrown instanceof JsonRpcFailure) return thrown;
  throw thrown;
}

describe("JsonRpc", () => {
  test("asks and answers, several at a time", async () => {
    const rpc = open(await serveRpc((method, params) => [method, ...params]));
    const calls = Array.from({ length: 20 }, (_, i) => rpc.call("echo", i, { i }));
    expect(await Promise.all(calls)).toEqual(calls.map((_, i) => ["echo", i, { i }]));
    expect(await open(await serveRpc(() => null)).call("nothing")).toBeNull();
  });

  test("sends the URL's path and its credentials, and tells of neither", async () => {
    const seen: unknown[] = [];
    const url = await serve((request, response) => {
      seen.push([request.url, request.headers.authorization]);
      response.end("no");
    });
    const rpc = open(url.replace("//", "//us%65r:p%40ss@").concat("/v3/apikey?token=hidden"));
    const failure = await failureOf(() => rpc.call("eth_chainId"));
    expect(seen).toEqual([
      ["/v3/apikey?token=hidden", `Basic ${Buffer.from("user:p@ss").toString("base64")}`],
    ]);
    expect(rpc.label).toBe(url);
    const told = inspect(failure, { depth: 9, showHidden: true });
    for (const secret of ["p@ss", "p%40ss", "apikey", "hidden"]) expect(told).not.toContain(secret);
  });

  test.each([
    "",
    "localhost:8545",
    "ftp://127.0.0.1",
    "file:///etc/passwd",
    "http://",
    "http://user:s%zzcret@127.0.0.1",
    "ws://user:secret@127.0.0.1",
  ])("takes no URL such as %s, and does not repeat it", async (url) => {
    const failure = await failureOf(() => new JsonRpc(url));
    expect(failure.code).toBe("RPC_URL_INVALID");
    expect(inspect(failure, { depth: 9 })).not.toMatch(/s(?:%zz)?ecret/);
  });
});

describe("many calls at once", () => {
  const calls = Array.from({ length: 250 }, (_, i): RpcCall => ["echo", i]);
  const echo = (method: string, params: unknown[]) => [method, ...params];

  test("go in few requests, and come back in their order whatever the endpoint's", async () => {
    const seen: number[] = [];
    const inner = await serveRpc(echo);
    const url = await serve(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      seen.push(JSON.parse(body).length);
      response.end(await (await fetch(inner, { method: "POST", body })).text());
    });
    expect(await open(url).callAll(calls)).toEqual(calls);
    expect(seen).toEqual([100, 100, 50]);
    expect(await open(url).callAll([])).toEqual([]);
  });

  test("are divided where they are long", async () => {
    const sizes: number[] = [];
    const inner = await serveRpc(() => true);
    const url = await serve(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      sizes.push(body.length);
      response.end(await (await fetch(inner, { method: "POST", body })).text());
    });
    const long = Array.from({ length: 10 }, (): RpcCall => ["send", "x".repeat(200_000)]);
    expect(await open(url).callAll(long)).toEqual(new Array(10).fill(true));
    expect(sizes).toHaveLength(5);
    expect(Math.max(...sizes)).toBeLessThan(600_000);
  });

  test("are made one by one where the endpoint takes no batches", async () => {
    const rpc = open(await serveRpc(echo, { batches: false }));
    expect(await rpc.callAll(calls.slice(0, 20))).toEqual(calls.slice(0, 20));
  });

  test.each([true, false])("each have their own fate (batches: %s)", async (batches) => {
    const answer = (_: string, [i]: unknown[]) =>
      i === 2 ? { error: { code: 3, message: "no", data: "0x12" } } : i;
    const results = await open(await serveRpc(answer, { batches })).callAll(calls.slice(0, 4));
    expect(results[2]).toBeInstanceOf(JsonRpcFailure);
    expect(results[2]).toMatchObject({ code: 3, data: "0x12" });
    expect(results.toSpliced(2, 1)).toEqual([0, 1, 3]);
  });

  test.each([
    ["too few answers", (answers: unknown[]) => answers.slice(1)],
    ["no answers", () => []],
    ["one answer twice", ([first, , ...rest]: unknown[]) => [first, first, ...rest]],
    ["answers without ids", (answers: unknown[]) => answers.map(() => ({ jsonrpc: "2.0", result: 1 }))],
    ["something else", (answers: unknown[]) => answers.map(() => null)],
  ])("fail where the endpoint gives %s", async (_, change) => {
    const inner = await serveRpc(echo);
    const url = await serve(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const answers = await (await fetch(inner, { method: "POST", body })).json();
      response.end(JSON.stringify(change(answers as unknown[])));
    });
    expect(await codeOf(() => open(url).callAll(calls.slice(0, 3)))).toBe("CHAIN_NOT_JSON_RPC");
  });
});

describe("an endpoint that is no chain", () => {
  test.each<[string, string]>([
    ["HTML", "<html>404</html>"],
    ["nothing", ""],
    ["a number", "7"],
    ["null", "null"],
    ["a list", '[{"jsonrpc":"2.0","id":1,"result":"0x1"}]'],
    ["an empty object", "{}"],
    ["no result", '{"jsonrpc":"2.0","id":1}'],
    ["an error that is none", '{"jsonrpc":"2.0","id":1,"error":"no"}'],
    ["another call's answer", '{"jsonrpc":"2.0","id":2,"result":"0x1"}'],
    ["an answer to text", '{"jsonrpc":"2.0","id":"1","result":"0x1"}'],
    ["no id", '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"parse error"}}'],
    ["half an answer", '{"jsonrpc":"2.0","id":1,"result":"0x'],
    ["a deep answer", `${"[".repeat(1_000_000)}`],
    ["broken UTF-8", "\ud800"],
  ])("says %s: failed", async (_, body) => {
    expect(await codeFor((_request, response) => response.end(body))).toBe("CHAIN_NOT_JSON_RPC");
  });

  test("sends elsewhere: not followed", async () => {
    let followed = false;
    const elsewhere = await serveRpc(() => {
      followed = true;
      return "0x1";
    });
    const code = await codeFor((_, response) => response.writeHead(307, { location: elsewhere }).end());
    expect(code).toBe("CHAIN_HTTP_FAILED");
    expect(followed).toBe(false);
  });

  test("is overloaded: failed, whatever it sends with that", async () => {
    expect(await codeFor((_, response) => response.writeHead(429).end("slow down"))).toBe(
      "CHAIN_HTTP_FAILED",
    );
    expect(await codeFor((_, response) => response.writeHead(503).end())).toBe("CHAIN_HTTP_FAILED");
  });

  test.each([401, 403, 407])("refuses by HTTP status %i: it may well be a chain", async (status) => {
    for (const body of [
      "<html>no</html>",
      "",
      '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"no"}}',
    ]) {
      const rpc = open(await serve((_, response) => response.writeHead(status).end(body)));
      const error = await rpc.call("eth_chainId").catch((thrown) => thrown);
      expect(error).toMatchObject({
        code: "CHAIN_DENIED",
        outcome: "inconclusive",
        message: expect.stringContaining(`${status}`),
      });
      expect(await codeOf(() => rpc.callAll([["a"], ["b"]]))).toBe("CHAIN_DENIED");
    }
  });

  test("answers a call by HTTP's 400 with an error of its own: that one is told", async () => {
    const rpc = open(
      await serve((_, response) =>
        response
          .writeHead(400)
          .end('{"jsonrpc":"2.0","id":1,"error":{"code":-32602,"message":"no such block"}}'),
      ),
    );
    expect(await rpc.call("eth_call").catch((thrown) => thrown)).toMatchObject({ message: "no such block" });
  });
});

describe("an endpoint that cannot be reached", () => {
  test("is said to be unreachable", async () => {
    expect(await codeOf(() => open("http://127.0.0.1:1").call("eth_chainId"))).toBe("CHAIN_UNREACHABLE");
    expect(await codeOf(() => open("http://[::1]:1").call("eth_chainId"))).toBe("CHAIN_UNREACHABLE");
    expect(await codeOf(() => open("http://no-such-host.invalid").call("eth_chainId"))).toBe(
      "CHAIN_UNREACHABLE",
    );
  });

  test("hangs up before, while and after it answers", async () => {
    expect(await codeFor((request) => request.socket.destroy())).toBe("CHAIN_UNREACHABLE");
    const midway = await codeFor((_, response) => {
      response.writeHead(200, { "content-length": 100 });
      response.write('{"jsonrpc":', () => response.socket?.destroy());
    });
    expect(midway).toBe("CHAIN_UNREACHABLE");
    expect(await codeFor((request) => request.socket.end("gibberish\r\n\r\n"))).toBe("CHAIN_UNREACHABLE");
  });

  test("answers without end: stopped at a bound", async () => {
    let sent = 0;
    const code = await codeFor((_, response) => {
      const piece = Buffer.alloc(1 << 20, " ");
      const send = (): void => {
        if (response.destroyed) return;
        sent += piece.length;
        if (response.write(piece)) setImmediate(send);
        else response.once("drain", send);
      };
      send();
    });
    expect(code).toBe("CHAIN_ANSWER_TOO_LARGE");
    expect(sent).toBeLessThan(128 << 20);
  });

  test("is slow without end, or silent: stopped at a bound", { timeout: 60_000 }, async () => {
    const timers: NodeJS.Timeout[] = [];
    const slow = codeFor((_, response) => {
      timers.push(setInterval(() => response.write(" "), 200));
    });
    const silent = codeFor(() => {});
    const headersOnly = codeFor((_, response) => response.flushHeaders());
    expect(await Promise.all([slow, silent, headersOnly])).toEqual(new Array(3).fill("CHAIN_UNREACHABLE"));
    for (const timer of timers) clearInterval(timer);
  });
});

describe("a caller that no longer wants to know", () => {
  test("is told so before and during a call", async () => {
    expect(await codeOf(() => open("http://127.0.0.1:1", AbortSignal.abort()).call("eth_chainId"))).toBe(
      "CANCELLED",
    );
    for (const answer of ["nothing", "headers", "a part"]) {
      const abort = new AbortController();
      const url = await serve((_, response) => {
        if (answer !== "nothing") response.flushHeaders();
        if (answer === "a part") response.write("{");
        setTimeout(() => abort.abort(), 20);
      });
      expect(await codeOf(() => open(url, abort.signal).call("eth_chainId"))).toBe("CANCELLED");
    }
  });
});

describe("an endpoint's own error", () => {
  test("keeps its code and its message, up to a bound", async () => {
    expect(await refusal({ code: -32000, message: "nonce too low" })).toMatchObject({
      code: -32000,
      message: "nonce too low",
      data: undefined,
    });
    expect((await refusal({ code: 3, message: "x".repeat(5_000_000) })).message.length).toBeLessThan(2000);
    expect(await refusal({ code: "3", message: 7 })).toMatchObject({ code: 0, message: "no message" });
    expect(await refusal({})).toMatchObject({ code: 0 });
    expect(await refusal([])).toMatchObject({ code: 0 });
  });

  test.each<[string, unknown]>([
    ["as hex", "0x08c379a0"],
    ["in an object", { data: "0x08c379a0", message: "reverted" }],
    ["in an object, as a result", { result: "0x08c379a0" }],
  ])("gives its revert data %s", async (_, data) => {
    expect((await refusal({ code: 3, message: "reverted", data })).data).toBe("0x08c379a0");
  });

  test.each<[string, unknown]>([
    ["text", "Reverted 0x08c379a0"],
    ["half a byte", "0x08c"],
    ["a number", 7],
    ["null", null],
    ["a nested object", { data: { data: "0x08c379a0" } }],
  ])("has no revert data in %s", async (_, data) => {
    expect((await refusal({ code: 3, message: "reverted", data })).data).toBeUndefined();
  });
});
