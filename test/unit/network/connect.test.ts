import { writeFile } from "node:fs/promises";
import { beforeEach, describe, expect, test } from "vitest";
import { registryRuntime } from "../../../src/contract/artifact.ts";
import type { NetworkProfile } from "../../../src/contract/connection.ts";
import { type Home, homeAt } from "../../../src/home.ts";
import { connect } from "../../../src/network/connect.ts";
import { readNetworkProfile, writeNetworkProfile } from "../../../src/network/profile.ts";
import { identifyChain } from "../../../src/rpc/identify.ts";
import { JsonRpc } from "../../../src/rpc/json-rpc.ts";
import { codeOf } from "../../support/errors.ts";
import { serveRpc } from "../../support/http-server.ts";
import { testDirectory } from "../../support/images.ts";

const genesisHash = `0x${"ab".repeat(32)}`;
const profile: NetworkProfile = {
  chainId: 2016,
  genesisHash,
  registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3",
  rpcUrls: [],
  embedded: false,
};

let home: Home;
beforeEach(async () => {
  home = homeAt(await testDirectory());
});

/** An endpoint that says of itself what it is told to: no real chain can be made to lie. */
function liar(answers: Record<string, unknown>): Promise<string> {
  const honest: Record<string, unknown> = {
    eth_chainId: "0x7e0",
    eth_getBlockByNumber: { hash: genesisHash },
    eth_getCode: "0x6001",
  };
  return serveRpc((method) => ({ ...honest, ...answers })[method]);
}

describe("connect", () => {
  test("wants a profile, and an endpoint", async () => {
    expect(await codeOf(() => connect(home))).toBe("CHAIN_MISSING");
    await writeNetworkProfile(home, profile);
    // It has joined a network: there is no embedded chain to be started.
    expect(await codeOf(() => connect(home))).toBe("RPC_URL_MISSING");
    await writeNetworkProfile(home, { ...profile, embedded: true });
    expect(await codeOf(() => connect(home))).toBe("CHAIN_NOT_RUNNING");
    expect(await codeOf(() => connect(home, { rpcUrl: "http://127.0.0.1:1" }))).toBe("CHAIN_UNREACHABLE");
    expect(await codeOf(() => connect(home, { rpcUrl: "nonsense" }))).toBe("RPC_URL_INVALID");
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["another chain id", { eth_chainId: "0x1" }, "CHAIN_NOT_PINNED"],
    ["another genesis block", { eth_getBlockByNumber: { hash: `0x${"cd".repeat(32)}` } }, "CHAIN_NOT_PINNED"],
    ["no contract", { eth_getCode: "0x" }, "CONTRACT_NOT_PINNED"],
    ["another contract", {}, "CONTRACT_NOT_PINNED"],
    [
      "another contract of the same length",
      { eth_getCode: `0x${"00".repeat(registryRuntime.length)}` },
      "CONTRACT_NOT_PINNED",
    ],
    ["code that is none", { eth_getCode: { code: "0x" } }, "CONTRACT_NOT_PINNED"],
    [
      "a refusal to tell the code",
      { eth_getCode: { error: { code: -32601, message: "no" } } },
      "CHAIN_REFUSED",
    ],
    ["no genesis block", { eth_getBlockByNumber: null }, "CHAIN_UNIDENTIFIED"],
    ["a chain id beyond numbers", { eth_chainId: `0x${"f".repeat(20)}` }, "CHAIN_UNIDENTIFIED"],
    [
      "a refusal to tell the chain id",
      { eth_chainId: { error: { code: -32601, message: "no" } } },
      "CHAIN_UNIDENTIFIED",
    ],
  ])("believes no endpoint with %s", async (_, answers, code) => {
    const url = await liar(answers);
    await writeNetworkProfile(home, { ...profile, rpcUrls: [url] });
    expect(await codeOf(() => connect(home))).toBe(code);
    expect(await codeOf(() => connect(home, { rpcUrl: url }))).toBe(code);
  });

  test("stops when it is cancelled", async () => {
    await writeNetworkProfile(home, { ...profile, rpcUrls: [await liar({})] });
    expect(await codeOf(() => connect(home, { signal: AbortSignal.abort() }))).toBe("CANCELLED");
  });
});

test("identifyChain tells chain id and genesis hash", async () => {
  const rpc = new JsonRpc(await liar({}));
  expect(await identifyChain(rpc)).toEqual({ chainId: 2016, genesisHash });
  rpc.close();
});

describe("the network profile", () => {
  test("is read as it was written", async () => {
    expect(await readNetworkProfile(home)).toBeUndefined();
    await writeNetworkProfile(home, profile);
    expect(await readNetworkProfile(home)).toEqual(profile);
  });

  test.each<[string, string, string?]>([
    ["no JSON", "{", "FILE_NOT_JSON"],
    ["a list", "[]", "FILE_NOT_JSON"],
    ["nothing", "", "FILE_NOT_JSON"],
    ["no chain id", JSON.stringify({ ...profile, chainId: "2016" })],
    ["half a chain id", JSON.stringify({ ...profile, chainId: 0.5 })],
    ["a short genesis hash", JSON.stringify({ ...profile, genesisHash: "0xab" })],
    ["no registry", JSON.stringify({ ...profile, registry: undefined })],
    [
      "a registry with a wrong checksum",
      JSON.stringify({ ...profile, registry: profile.registry.replace("F", "f") }),
    ],
    ["a URL that is a number", JSON.stringify({ ...profile, rpcUrls: [7] })],
    ["a URL alone", JSON.stringify({ ...profile, rpcUrls: "http://127.0.0.1" })],
    [
      "more than anybody writes",
      JSON.stringify({ ...profile, rpcUrls: ["x".repeat(2_000_000)] }),
      "FILE_TOO_LARGE",
    ],
  ])("is refused with %s", async (_, text, code = "NETWORK_PROFILE_INVALID") => {
    await writeFile(home.network, text);
    expect(await codeOf(() => readNetworkProfile(home))).toBe(code);
  });
});
