import { execFileSync } from "node:child_process";
import { appendFileSync, copyFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import type { Connection, NetworkProfile } from "../../../src/contract/connection.ts";
import { eventTopic, readBlock } from "../../../src/contract/contract.ts";
import { requireOrganisation } from "../../../src/contract/organisations.ts";
import { failure, isDaoChainError } from "../../../src/errors.ts";
import { Follower, type FollowerOptions } from "../../../src/gates/follower.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { connect } from "../../../src/network/connect.ts";
import { revokeDigests } from "../../../src/operations/revoke.ts";
import { signImage } from "../../../src/operations/sign.ts";
import type { JsonRpc, RpcCall } from "../../../src/rpc/json-rpc.ts";
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
  /** of each answer, in milliseconds */
  let delay = 0;
  let troubles: unknown[];

  /** The chain behind an endpoint that may lie, or be away. */
  const meddled = (profile: NetworkProfile): Connection => {
    const { rpc } = honest;
    const answered = (call: RpcCall, answer: unknown): unknown =>
      lie === undefined ? answer : lie(call, answer);
    const check = async (): Promise<void> => {
      await sleep(delay);
      if (isOut) throw failure("CHAIN_UNREACHABLE", { endpoint: "away", reason: "it is away" });
    };
    const meddling = {
      label: "meddled",
      call: async (...call: RpcCall) => {
        await check();
        return answered(call, await rpc.call(...call));
      },
      callAll: async (calls: readonly RpcCall[]) => {
        await check();
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
  // A gate that knows an image asks about the same facts again and again.
  const images = new Map<number, ImageFacts>();
  const image = (number: number): ImageFacts => {
    const known = images.get(number) ?? facts({ subjects: [subject("config", number)] });
    images.set(number, known);
    return known;
  };
  const sign = async (number: number, expiresAt?: number): Promise<void> => {
    const acme = await requireOrganisation(honest, "acme");
    await signImage(
      honest,
      signerOf("acme"),
      acme,
      image(number),
      expiresAt === undefined ? {} : { expiresAt },
    );
  };
  const revoke = async (number: number): Promise<void> => {
    const acme = await requireOrganisation(honest, "acme");
    await revokeDigests(honest, signerOf("acme"), acme, [subject("config", number).digest], "test");
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
    [lie, isOut, delay, troubles] = [undefined, false, 0, []];
  });
  afterEach(async () => {
    await follower.close();
    catalogue.close();
    await directory[Symbol.asyncDispose]();
  });

  it("answers once it has read everything, and learns what is recorded next", async () => {
    const number = next++;
    follow();
    expect(status(number)).toBe("GATE_NOT_FOLLOWING");
    expect(follower.status.isReady).toBe(false);
    await becomes("unsigned", number + 1000);
    await sign(number);
    await becomes("verified", number);
    await revoke(number);
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
    await becomes("GATE_STATE_OLD", number);
    await stays("GATE_STATE_OLD", number);
    isOut = false;
    await becomes("verified", number);
    // Each trouble is told once, and its end.
    expect(troubles.map(String)).toEqual(["The chain at away cannot be reached: it is away.", "undefined"]);
  });

  it("takes no answer for newer than the question, however slow the chain is", async () => {
    const number = next++;
    await sign(number);
    follow({ staleness: 1 });
    await becomes("verified", number);
    // A round asks several questions, one after the other.
    delay = 1200;
    await becomes("GATE_STATE_OLD", number);
    await stays("GATE_STATE_OLD", number);
    delay = 0;
    await becomes("verified", number);
  });

  it("answers nothing while the chain shows an older head than before", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    const old = await honest.rpc.call("eth_getBlockByNumber", "0x1", false);
    lie = ([method, block], answer) =>
      method === "eth_getBlockByNumber" && block === "latest" ? old : answer;
    await becomes("GATE_CANNOT_FOLLOW", number);
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
    await becomes("GATE_STATE_OLD", number);
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
    expect(status(number)).toBe("GATE_CANNOT_FOLLOW");
    time -= 5000;
    await becomes("verified", number);
    time -= 5000;
    await becomes("GATE_CANNOT_FOLLOW", number);
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
    await becomes("GATE_CANNOT_FOLLOW", number);
    await stays("GATE_CANNOT_FOLLOW", number);
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
    await revoke(number);
    await becomes("GATE_CANNOT_FOLLOW", number);
    lie = undefined;
    await becomes("revoked", number);
  });

  it("makes its index anew where somebody has changed it", async () => {
    const number = next++;
    await sign(number);
    await revoke(number);
    follow();
    await becomes("revoked", number);
    const database = new DatabaseSync(join(directory.path, "index.sqlite"), { timeout: 5000 });
    database.exec("DELETE FROM revocations");
    database.close();
    await becomes("revoked", number);
    await expect
      .poll(() => troubles.map(String).join(), { timeout: 10_000 })
      .toContain("is not what the contract says");
  });

  it("sees a claim expire, though nothing is recorded any more", async () => {
    const number = next++;
    const { time } = await readBlock(honest.rpc);
    await sign(number, Math.max(time, Math.floor(Date.now() / 1000)) + 4);
    follow();
    await becomes("verified", number);
    await becomes("expired", number);
  });

  it("holds a state for as old as the machine's clock says, and for no younger than it is", async () => {
    const number = next++;
    await sign(number);
    follow({ staleness: 2 });
    await becomes("verified", number);
    isOut = true;
    const real = Date.now;
    try {
      Date.now = () => real() + 3_600_000;
      expect(status(number)).toBe("GATE_STATE_OLD");
      Date.now = () => real() - 3_600_000;
      await becomes("GATE_STATE_OLD", number);
      isOut = false;
      await becomes("verified", number);
    } finally {
      Date.now = real;
    }
    await becomes("verified", number);
  });

  it("reads everything anew where the chain's blocks were replaced, and decides as of the new ones", async () => {
    const number = next++;
    await sign(number);
    follow();
    await becomes("verified", number);
    // The other fork has the same acts in other blocks.
    const turned = (hash: string): string => `0x${hash.slice(2).split("").reverse().join("")}`;
    const turn = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turn);
      if (typeof value !== "object" || value === null) return value;
      // The genesis block is the same, or it would be another chain.
      if ("number" in value && value.number === "0x0") return value;
      return Object.fromEntries(
        Object.entries(value).map(([name, own]) => [
          name,
          ["hash", "blockHash", "parentHash"].includes(name) && typeof own === "string" ? turned(own) : own,
        ]),
      );
    };
    lie = ([method], answer) =>
      method === "eth_getBlockByNumber" || method === "eth_getLogs" ? turn(answer) : answer;
    const epoch = (): unknown => catalogue.look((snapshot) => snapshot?.epoch);
    const before = epoch();
    await revoke(number);
    await becomes("revoked", number);
    expect(epoch()).not.toBe(before);
  });

  it.skipIf(process.getuid?.() !== 0)(
    "says no before long where its disk is full, and goes on when it is not",
    async () => {
      const number = next++;
      await sign(number);
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m", "none", directory.path]);
      try {
        follow({ staleness: 2 });
        await becomes("verified", number);
        const ballast = join(directory.path, "ballast");
        const fill = (): void => {
          try {
            for (;;) appendFileSync(ballast, Buffer.alloc(4096));
          } catch (error) {
            expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
          }
        };
        fill();
        // Space that the index had in its files already is used up first.
        for (let more = 0; more < 40 && status(number) !== "GATE_STATE_OLD"; more++) {
          await sign(next++);
          fill();
          await sleep(100);
        }
        await becomes("GATE_STATE_OLD", number);
        expect(troubles.map((trouble) => isDaoChainError(trouble) && trouble.code)).toContain("NO_SPACE");
        await revoke(number);
        await stays("GATE_STATE_OLD", number);
        rmSync(ballast);
        await becomes("revoked", number);
      } finally {
        await follower.close();
        catalogue.close();
        execFileSync("umount", ["--lazy", directory.path]);
      }
    },
  );

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
