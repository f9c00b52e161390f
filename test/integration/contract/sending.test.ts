import { join } from "node:path";
import { hexlify, type Transaction, toUtf8Bytes } from "ethers";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  type SendOptions,
  sendTransactions,
  type TransactionRequest,
} from "../../../src/contract/sending.ts";
import { JsonRpc } from "../../../src/rpc/json-rpc.ts";
import { signerOf } from "../../support/consortium.ts";
import {
  openTestChain,
  probeCode,
  type TestChain,
  TestSender,
  temporaryDirectory,
} from "../../support/embedded-chain.ts";
import { type PoolHabits, servePool } from "../../support/pool-node.ts";

let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
let chain: TestChain;
const opened: JsonRpc[] = [];
beforeEach(async () => {
  directory = await temporaryDirectory();
  chain = await openTestChain(join(directory.path, "chain"));
});
afterEach(async () => {
  for (const rpc of opened.splice(0)) rpc.close();
  await chain.close();
  await directory[Symbol.asyncDispose]();
});

const signer = signerOf("sender");
const act = (name: string): TransactionRequest => ({
  to: signerOf("receiver").address,
  data: hexlify(toUtf8Bytes(name)),
});
const names = (prefix: string, count: number): string[] =>
  Array.from({ length: count }, (_, i) => `${prefix}-${i}`);
const nameOf = ({ data }: Transaction): string => Buffer.from(data.slice(2), "hex").toString();

/** Somebody who sends from a home of their own, and so takes no turns with others. */
function user(url: string, name: string): SendOptions {
  const rpc = new JsonRpc(url);
  opened.push(rpc);
  return { rpc, chainId: 2016, locks: join(directory.path, name) };
}

/** Sends acts by several users of one account at once; all must succeed, and each be mined once. */
async function sendAtOnce(habits: PoolHabits, users: number, count: number): Promise<void> {
  const { url, mined } = await servePool(chain, habits);
  const sent = await Promise.all(
    Array.from({ length: users }, (_, i) =>
      sendTransactions(user(url, `user${i}`), signer, names(`user${i}`, count).map(act)),
    ),
  );
  expect(sent.flat().filter(({ status }) => status === "rejected")).toEqual([]);
  const wanted = Array.from({ length: users }, (_, i) => names(`user${i}`, count)).flat();
  expect(mined.map(nameOf).sort()).toEqual(wanted.sort());
  const confirmed = sent.flat().map((one) => (one.status === "fulfilled" ? one.value.transaction : ""));
  expect(new Set(confirmed)).toEqual(new Set(mined.map(({ hash }) => hash)));
}

describe("acts of one account, sent by several users who share nothing", () => {
  test("are all recorded once, where a node keeps the first of two with one nonce", async () => {
    await sendAtOnce({}, 3, 12);
  });

  test("are all recorded once, where a node lets the second replace the first", async () => {
    await sendAtOnce({ replaces: true }, 3, 12);
  });

  test("are all recorded once, where a node takes no batches", async () => {
    await sendAtOnce({ batches: false }, 2, 6);
  });
});

describe("acts that are sent at once", () => {
  test("stand in their order, more than may be on their way at a time", async () => {
    const { url, mined } = await servePool(chain);
    const all = names("act", 150);
    const results = await sendTransactions(user(url, "home"), signer, all.map(act));
    expect(mined.map(nameOf)).toEqual(all);
    expect(results.map((one) => one.status === "fulfilled" && one.value.transaction)).toEqual(
      mined.map(({ hash }) => hash),
    );
  });

  test("are sent though the node refuses one of them, and what it leaves open is filled", async () => {
    const refuses = (one: Transaction) =>
      nameOf(one) === "act-2" || nameOf(one) === "act-5"
        ? "insufficient funds for gas * price + value"
        : undefined;
    const { url, mined } = await servePool(chain, { refuses });
    const results = await sendTransactions(user(url, "home"), signer, names("act", 6).map(act));
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "fulfilled",
      "rejected",
      "fulfilled",
      "fulfilled",
      "rejected",
    ]);
    expect(results[2]).toMatchObject({ reason: { code: "CHAIN_REFUSED" } });
    // One empty transaction in the place of the third; nothing waits for the last one's.
    expect(mined.map(nameOf)).toEqual(["act-0", "act-1", "", "act-3", "act-4"]);
  });

  test("are told of as soon as the node has taken them, and only those that it took", async () => {
    const refuses = (one: Transaction) => (nameOf(one) === "act-2" ? "insufficient funds" : undefined);
    const { url, mined } = await servePool(chain, { refuses });
    const told: string[] = [];
    const line = { ...user(url, "home"), onSent: (transaction: string) => told.push(transaction) };
    await sendTransactions(line, signer, names("act", 3).map(act));
    expect(told).toHaveLength(2);
    expect(told).toEqual(mined.map(({ hash }) => hash));
  });

  test("are given again to a node that forgot them", async () => {
    let forgot = 0;
    const { url, mined } = await servePool(chain, {
      forgets: (one) => nameOf(one) === "act-1" && forgot++ === 0,
    });
    const results = await sendTransactions(user(url, "home"), signer, names("act", 3).map(act));
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled"]);
    expect(forgot).toBe(2);
    expect(mined.map(nameOf)).toEqual(["act-0", "act-1", "act-2"]);
  });

  test("are not sent where the contract refuses them, and the others are", async () => {
    const deployer = new TestSender("deployer");
    const hash = await chain.rpc("eth_sendRawTransaction", await deployer.sign({ data: probeCode }));
    const { contractAddress: to } = (await chain.rpc("eth_getTransactionReceipt", hash)) as {
      contractAddress: string;
    };
    const { url, mined } = await servePool(chain);
    // The probe reverts without input.
    const acts = [act("before"), { to, data: "0x" }, act("behind")];
    const results = await sendTransactions(user(url, "home"), signer, acts);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(mined.map(nameOf)).toEqual(["before", "behind"]);
  });

  test("all fail alike where the chain cannot be reached, or somebody cancels", async () => {
    const acts = names("act", 3).map(act);
    const unreachable = await sendTransactions(user("http://127.0.0.1:1", "home"), signer, acts);
    expect(unreachable.map((one) => one.status === "rejected" && one.reason.code)).toEqual(
      new Array(3).fill("CHAIN_UNREACHABLE"),
    );
    const { url } = await servePool(chain);
    const rpc = new JsonRpc(url, AbortSignal.abort());
    const cancelled = await sendTransactions({ rpc, chainId: 2016 }, signer, acts);
    expect(cancelled.map((one) => one.status === "rejected" && one.reason.code)).toEqual(
      new Array(3).fill("CANCELLED"),
    );
  });
});
