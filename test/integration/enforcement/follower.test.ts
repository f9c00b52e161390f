import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { revokeDigests } from "../../../src/act/revoke.ts";
import { signImage } from "../../../src/act/sign.ts";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { type Connection, connect, type NetworkProfile } from "../../../src/chain/network.ts";
import { eventTopic } from "../../../src/chain/registry/contract.ts";
import { requireOrganisation } from "../../../src/chain/registry/organisations.ts";
import { Follower, type FollowerOptions } from "../../../src/enforcement/follower.ts";
import { DaoChainError, isDaoChainError } from "../../../src/errors.ts";
import type { JsonRpc, RpcCall } from "../../../src/json-rpc.ts";
import { decide } from "../../../src/verdict/decide.ts";
import { signerOf } from "../../support/consortium.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { facts, subject } from "../../support/evidence.ts";
import { OwnChain } from "../../support/own-chain.ts";

/** What an endpoint makes of the chain's answers. */
type Lie = (call: RpcCall, answer: unknown) => unknown;

let chain: OwnChain;
let honest: Connection;
let next = 1;

beforeAll(async () => {
  chain = await OwnChain.start();
  honest = await connect(chain.home);
});
afterAll(async () => {
  honest.rpc.close();
  await chain[Symbol.asyncDispose]();
});

describe("a follower of the registry", { timeout: 60_000 }, () => {
  let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
  let catalogue: Catalogue;
  let follower: Follower;
  let lie: Lie | undefined;
  let isOut = false;
  let troubles: unknown[];

  /** The chain behind an endpoint that may lie, or be away. */
  const meddled = (profile: NetworkProfile): Connection => {
    const { rpc } = honest;
    const answered = (call: RpcCall, answer: unknown): unknown =>
      lie === undefined ? answer : lie(call, answer);
    const check = (): void => {
      if (isOut) throw new DaoChainError("CHAIN_UNREACHABLE", "The chain is away.");
    };
    const meddling = {
      label: "meddled",
      call: async (...call: RpcCall) => {
        check();
        return answered(call, await rpc.call(...call));
      },
      callAll: async (calls: readonly RpcCall[]) => {
        check();
        const answers = await rpc.callAll(calls);
        return calls.map((call, at) => answered(call, answers[at]));
      },
      close: () => {},
    };
    return { rpc: meddling as unknown as JsonRpc, profile };
  };
  const follow = (options: Partial<FollowerOptions> = {}, profile = honest.profile): void => {
    catalogue = Catalogue.open(join(directory.path, "index.sqlite"), profile);
    follower = new Follower(catalogue, profile, async () => meddled(profile), {
      staleness: 60,
      interval: 20,
      onTrouble: (trouble) => troubles.push(trouble),
      ...options,
    });
    follower.start();
  };
  const image = (number: number) => facts({ subjects: [subject("config", number)] });
  const sign = async (number: number): Promise<void> => {
    const acme = await requireOrganisation(honest, "acme");
    await signImage(honest, signerOf("acme"), acme, image(number));
  };
  const policy = { organisation: undefined, newest: false };
  /** A verdict's status, or the code with which the follower refused. */
  const status = (number: number): string => {
    try {
      return decide(follower.gather(image(number), policy).evidence, policy).status;
    } catch (error) {
      if (isDaoChainError(error)) return error.code;
      throw error;
    }
  };
  const becomes = async (wanted: string, number: number): Promise<void> => {
    const start = Date.now();
    while (status(number) !== wanted) {
      if (Date.now() - start > 10_000) expect(status(number)).toBe(wanted);
      await sleep(10);
    }
  };
  const stays = async (wanted: string, number: number): Promise<void> => {
    for (let times = 0; times < 30; times++) {
      expect(status(number)).toBe(wanted);
      await sleep(20);
    }
  };

  beforeEach(async () => {
    directory = await temporaryDirectory();
    [lie, isOut, troubles] = [undefined, false, []];
  });
  afterEach(async () => {
    await follower.close();
    catalogue.close();
    await directory[Symbol.asyncDispose]();
  });

  it("answers once it has read everything, and learns what is recorded next", async () => {
    const number = next++;
    follow();
    expect(status(number)).toBe("CHAIN_FAILED");
    expect(follower.status.isReady).toBe(false);
    await becomes("unsigned", number + 1000);
    await sign(number);
    await becomes("verified", number);
    const acme = await requireOrganisation(honest, "acme");
    await revokeDigests(honest, signerOf("acme"), acme, [subject("config", number).digest], "test");
    await becomes("revoked", number);
    expect(follower.status).toMatchObject({ isReady: true });
  });

  it("answers for a while when the chain is away, then no more, and again by itself", async () => {
    const number = next++;
    await sign(number);
    follow({ staleness: 1 });
    await becomes("verified", number);
    isOut = true;
    await sleep(100);
    expect(status(number)).toBe("verified");
    await becomes("CHAIN_UNREACHABLE", number);
    await stays("CHAIN_UNREACHABLE", number);
    isOut = false;
    await becomes("verified", number);
    // Each trouble is told once, and its end.
    expect(troubles.map(String)).toEqual(["DaoChainError: The chain is away.", "undefined"]);
  });

  it("answers nothing while the chain shows an older head than before", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    const old = await honest.rpc.call("eth_getBlockByNumber", "0x1", false);
    lie = ([method, block], answer) =>
      method === "eth_getBlockByNumber" && block === "latest" ? old : answer;
    await becomes("CHAIN_FAILED", number);
    lie = undefined;
    await becomes("verified", number);
  });

  it("goes on from what it knows where one of several nodes lags a little, and not for longer than that is good", async () => {
    const number = next++;
    await sign(number);
    follow({ staleness: 1 }, { ...honest.profile, embedded: false });
    await becomes("verified", number);
    const old = await honest.rpc.call("eth_getBlockByNumber", "0x1", false);
    lie = ([method, block], answer) =>
      method === "eth_getBlockByNumber" && block === "latest" ? old : answer;
    await sleep(200);
    expect(status(number)).toBe("verified");
    await becomes("CHAIN_UNREACHABLE", number);
    lie = undefined;
    await becomes("verified", number);
  });

  it("answers nothing while the chain's time is far ahead, or older than it may be", async () => {
    const number = next++;
    await sign(number);
    let time = Math.floor(Date.now() / 1000) + 5000;
    lie = ([method], answer) =>
      method === "eth_getBlockByNumber"
        ? { ...(answer as object), timestamp: `0x${time.toString(16)}` }
        : answer;
    follow({ maxHeadAge: 3600 }, { ...honest.profile, embedded: false });
    await sleep(300);
    expect(status(number)).toBe("CHAIN_FAILED");
    time -= 5000;
    await becomes("verified", number);
    time -= 5000;
    await becomes("CHAIN_FAILED", number);
  });

  it("answers nothing while another chain is behind the endpoint", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    const hash = `0x${"12".repeat(32)}`;
    lie = ([method], answer) =>
      method === "eth_getBlockByNumber"
        ? { ...(answer as object), hash }
        : method === "eth_chainId"
          ? "0x1"
          : answer;
    await becomes("CHAIN_FAILED", number);
    await stays("CHAIN_FAILED", number);
    lie = undefined;
    await becomes("verified", number);
  });

  it("notices a revocation whose event is held back, since the contract says it", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    const topic = eventTopic("DigestRevoked");
    lie = ([method], answer) =>
      method === "eth_getLogs"
        ? (answer as { topics: string[] }[]).filter(({ topics }) => topics[0] !== topic)
        : answer;
    const acme = await requireOrganisation(honest, "acme");
    await revokeDigests(honest, signerOf("acme"), acme, [subject("config", number).digest], "test");
    await becomes("CHAIN_FAILED", number);
    lie = undefined;
    await becomes("revoked", number);
  });

  it("makes its index anew where somebody has changed it", async () => {
    const number = next++;
    await sign(number);
    const acme = await requireOrganisation(honest, "acme");
    await revokeDigests(honest, signerOf("acme"), acme, [subject("config", number).digest], "test");
    follow();
    await becomes("revoked", number);
    const database = new DatabaseSync(join(directory.path, "index.sqlite"), { timeout: 5000 });
    database.exec("DELETE FROM revocations");
    database.close();
    await becomes("revoked", number);
    expect(troubles.map(String).join()).toContain("is not what the contract says");
  });

  it("makes its index anew where the file is damaged", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    await follower.close();
    catalogue.close();
    copyFileSync(process.execPath, join(directory.path, "index.sqlite"));
    follow();
    await becomes("verified", number);
  });
});
