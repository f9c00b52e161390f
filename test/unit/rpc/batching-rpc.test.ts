import { expect, test } from "vitest";
import { cancelled, failure } from "../../../src/errors.ts";
import { SharedRpc } from "../../../src/rpc/batching-rpc.ts";
import { JsonRpcFailure, type Rpc, type RpcCall } from "../../../src/rpc/json-rpc.ts";
import { codeOf } from "../../support/errors.ts";

/** An endpoint that answers each call with its own text, and keeps what it was asked. */
function endpoint(answer: (calls: readonly RpcCall[]) => unknown[] = (calls) => calls.map(String)) {
  const requests: (readonly RpcCall[])[] = [];
  const rpc: Rpc = {
    signal: undefined,
    label: "test",
    close: () => {},
    call: async () => {
      throw new Error("calls are put together");
    },
    callAll: async (calls) => {
      requests.push(calls);
      return answer(calls);
    },
  };
  return { shared: new SharedRpc(rpc), requests };
}

test("what is asked in one turn goes out in one request, and each asker gets its own answer", async () => {
  const { shared, requests } = endpoint();
  const asked = Promise.all([
    shared.call("a", 1),
    shared.callAll([
      ["b", 2],
      ["c", 3],
    ]),
    shared.call("a", 1),
  ]);
  expect(await asked).toEqual(["a,1", ["b,2", "c,3"], "a,1"]);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toHaveLength(4);
});

test("a view as of a block is asked once; as of the newest, and anything else, each time", async () => {
  const { shared, requests } = endpoint();
  for (let i = 0; i < 3; i++) {
    await shared.call("eth_call", { to: "x" }, "0x5");
    await shared.call("eth_call", { to: "x" }, "latest");
    await shared.call("eth_getLogs", {}, "0x5");
  }
  const names = requests.flat().map((call) => `${call[0]} ${call[2]}`);
  expect(names.filter((name) => name === "eth_call 0x5")).toHaveLength(1);
  expect(names.filter((name) => name === "eth_call latest")).toHaveLength(3);
  expect(names.filter((name) => name === "eth_getLogs 0x5")).toHaveLength(3);
});

test("a refusal is the refused call's alone", async () => {
  const { shared } = endpoint((calls) =>
    calls.map(([method]) => (method === "bad" ? new JsonRpcFailure(-32000, "no", undefined) : "fine")),
  );
  const bad = shared.call("bad").catch((error) => error);
  expect(await shared.call("good")).toBe("fine");
  expect(await bad).toBeInstanceOf(JsonRpcFailure);
  expect((await shared.callAll([["bad"], ["good"]]))[0]).toBeInstanceOf(JsonRpcFailure);
});

test("calls of which no answer can be had together cost no other its answer", async () => {
  const { shared, requests } = endpoint((calls) => {
    if (calls.some(([method]) => method === "flooded"))
      throw failure("CHAIN_ANSWER_TOO_LARGE", { endpoint: "x", limit: 1 });
    return calls.map(() => "fine");
  });
  const asked = Array.from({ length: 500 }, (_, i) => shared.call(i === 123 || i === 321 ? "flooded" : "x"));
  const results = await Promise.allSettled(asked);
  expect(results.filter(({ status }) => status === "rejected")).toHaveLength(2);
  expect(results[123]?.status).toBe("rejected");
  expect(results[321]?.status).toBe("rejected");
  expect(requests.length).toBeLessThan(60);
});

test("an endpoint that is slow with many is asked for fewer at a time", async () => {
  const { shared, requests } = endpoint((calls) => {
    if (calls.length > 30) throw failure("CHAIN_UNREACHABLE", { endpoint: "x", reason: "it is slow" });
    return calls.map(() => "fine");
  });
  const results = await Promise.allSettled(Array.from({ length: 500 }, () => shared.call("x")));
  expect(results.every(({ status }) => status === "fulfilled")).toBe(true);
  // Once is enough to learn it: each try takes as long as is waited for an answer.
  expect(requests.filter((calls) => calls.length > 30)).toHaveLength(1);
});

test("one that is away is given up after a few tries, and so is what was cancelled at once", async () => {
  for (const [error, most] of [
    [failure("CHAIN_UNREACHABLE", { endpoint: "x", reason: "it is away" }), 6],
    [cancelled(), 1],
  ] as const) {
    const { shared, requests } = endpoint(() => {
      throw error;
    });
    const results = await Promise.allSettled(Array.from({ length: 1000 }, () => shared.call("x")));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    expect(requests.length).toBeLessThanOrEqual(most);
    expect(await codeOf(() => shared.call("x"))).toBe(error.code);
  }
});
