import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import type { Connection } from "../../../src/contract/connection.ts";
import { isDaoChainError } from "../../../src/errors.ts";
import type { JsonRpc, RpcCall } from "../../../src/rpc/json-rpc.ts";
import { connectionTo, whatCatalogueSays } from "../../support/catalogue.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { acme, RegistryBench, subject } from "../../support/registry.ts";

// A real chain with a little of everything, whose answers are then spoilt on their way.

interface Log {
  readonly topics: string[];
  readonly data: string;
  readonly transactionHash: string;
  readonly logIndex: string;
}

/** The codes of what such answers are told to be. */
const foundOut =
  /^(?:EVENTS_INVALID|HISTORY_IMPOSSIBLE|CHAIN_NUMBER_INVALID|RECORD_UNTOLD|BLOCK_UNTOLD|CHAIN_KEEPS_CHANGING|CHAIN_REFUSED)$/;

let bench: RegistryBench;
let honest: Connection;
let logs: Log[];
let whole: ReturnType<typeof whatCatalogueSays>;

beforeAll(async () => {
  bench = await RegistryBench.deploy();
  const { admin, signers } = await bench.admitAcme(3);
  const [first = admin, second = admin] = signers;
  await bench.send(bench.account(0), "addNamespace", acme, "docker.io/acme");
  const one = await bench.claim({ subjects: [subject("a"), subject("b", { kind: "manifest" })] });
  await bench.submit(one, first);
  await bench.submitBatch([await bench.claim({ tag: "2" }), await bench.claim({ tag: "" })], first);
  await bench.send(admin, "setThreshold", acme, 2);
  const waiting = await bench.claim({ tag: "3" });
  await bench.submit(waiting, first);
  await bench.submit(waiting, second);
  await bench.send(admin, "revokeClaim", acme, bench.idOf(one), "because");
  await bench.send(admin, "revokeDigests", acme, [`0x${subject("image").digest.slice(7)}`], "because");
  await bench.send(admin, "voidSigner", acme, second.address, 0);
  honest = await connectionTo(bench);
  logs = (await bench.rpc("eth_getLogs", { address: bench.address, fromBlock: "0x0" })) as Log[];
  whole = await follow(honest);
  expect(whole.size).toBe(4);
}, 60_000);
afterAll(() => bench?.close());

async function follow(connection: Connection): Promise<ReturnType<typeof whatCatalogueSays>> {
  await using directory = await temporaryDirectory();
  const catalogue = Catalogue.open(join(directory.path, "catalogue.sqlite"), connection.profile);
  try {
    await catalogue.follow(connection, { search: true });
    catalogue.organisations();
    catalogue.pending("acme");
    return whatCatalogueSays(catalogue, 2_000_000_000);
  } finally {
    catalogue.close();
  }
}

/** The chain as it would be if its logs were others. */
function telling(change: (logs: readonly Log[]) => unknown): Connection {
  const { rpc, profile } = honest;
  const callAll = async (calls: readonly RpcCall[]): Promise<unknown[]> => {
    const answers = await rpc.callAll(calls);
    return answers.map((answer, i) =>
      calls[i]?.[0] === "eth_getLogs" && Array.isArray(answer) ? change(answer) : answer,
    );
  };
  return { rpc: { label: "bench", call: rpc.call, callAll } as unknown as JsonRpc, profile };
}

/** What comes of following it: an error's code, or how many claims there are. */
async function outcomeOf(connection: Connection): Promise<string | number> {
  try {
    return (await follow(connection)).size;
  } catch (error) {
    if (isDaoChainError(error)) return error.code;
    throw error;
  }
}

const topicOf = (name: string): string => bench.contract.interface.getEvent(name)?.topicHash ?? "";
const isNot = (name: string) => (log: Log) => log.topics[0] !== topicOf(name);
const changed = (name: string, change: (log: Log) => object) => (all: readonly Log[]) =>
  all.map((log) => (isNot(name)(log) ? log : { ...log, ...change(log) }));

describe("a chain that lies", () => {
  test.each<[string, (all: readonly Log[]) => unknown]>([
    ["leaves out admissions", (all) => all.filter(isNot("OrganisationAdmitted"))],
    ["leaves out claims", (all) => all.filter(isNot("ClaimSubmitted"))],
    ["leaves out subjects", (all) => all.filter(isNot("SubjectClaimed"))],
    ["leaves out what was added to take it away later", (all) => all.filter(isNot("SignerAdded"))],
    ["tells everything twice", (all) => all.flatMap((log) => [log, log])],
    ["tells it backwards", (all) => [...all].reverse()],
    ["tells of later blocks", (all) => all.map((log) => ({ ...log, blockNumber: "0xffff" }))],
    [
      "tells of another contract",
      (all) => all.map((log) => ({ ...log, address: honest.profile.genesisHash.slice(0, 42) })),
    ],
    ["tells of what was taken back", (all) => all.map((log) => ({ ...log, removed: true }))],
    ["gives no list", () => ({})],
    ["gives a list of nothing", (all) => all.map(() => null)],
    ["gives no topics", (all) => all.map((log) => ({ ...log, topics: [] }))],
    [
      "gives too many topics",
      (all) => all.map((log) => ({ ...log, topics: [...log.topics, ...log.topics] })),
    ],
    ["gives events of its own", (all) => all.map((log) => ({ ...log, topics: [log.transactionHash] }))],
    ["gives no data", (all) => all.map((log) => ({ ...log, data: "0x" }))],
    ["gives data that is none", (all) => all.map((log) => ({ ...log, data: 7 }))],
    [
      "changes annotations",
      changed("ClaimSubmitted", (log) => ({
        data: log.data.replace(/0{64}$/, `${"0".repeat(63)}1${"41".padEnd(64, "0")}`),
      })),
    ],
    [
      "gives a name that is not the organisation's",
      changed("OrganisationAdmitted", (log) => ({
        data: log.data.replace(Buffer.from("acme").toString("hex"), Buffer.from("evil").toString("hex")),
      })),
    ],
    [
      "sets a threshold that none reaches",
      changed("ThresholdChanged", () => ({ data: `0x${"f".repeat(64)}` })),
    ],
    [
      "gives a claim another organisation's subjects",
      changed("SubjectClaimed", (log) => ({
        topics: [log.topics[0], log.topics[1], topicOf("ClaimSubmitted"), log.topics[3]],
      })),
    ],
  ])("is found out where it %s", async (_what, change) => {
    expect(await outcomeOf(telling(change))).toMatch(foundOut);
  });

  test("is found out, or believed, but never stops anybody otherwise", { timeout: 300_000 }, async () => {
    const place = fc.record({ log: fc.nat(), at: fc.nat(), byte: fc.nat(255) });
    const outcomes = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(fc.array(place, { minLength: 1, maxLength: 4 }), async (places) => {
        const connection = telling((all) =>
          all.map((log) => {
            const index = logs.findIndex(
              (other) => other.transactionHash === log.transactionHash && other.logIndex === log.logIndex,
            );
            const spoilt = places.filter((one) => one.log % logs.length === index);
            return spoilt.reduce<Log>((before, { at, byte }) => spoil(before, at, byte), log);
          }),
        );
        const outcome = await outcomeOf(connection);
        if (typeof outcome === "string") expect(outcome).toMatch(foundOut);
        const word = typeof outcome === "string" ? "found out" : "believed";
        outcomes.set(word, (outcomes.get(word) ?? 0) + 1);
      }),
      { numRuns: 250 },
    );
    expect(outcomes.get("found out") ?? 0).toBeGreaterThan(20);
    expect(outcomes.get("believed") ?? 0).toBeGreaterThan(3);
  });
});

/** One byte of an event's topics or data becomes another. */
function spoil(log: Log, at: number, byte: number): Log {
  const put = (hex: string, position: number): string =>
    `${hex.slice(0, 2 + 2 * position)}${byte.toString(16).padStart(2, "0")}${hex.slice(4 + 2 * position)}`;
  const size = (log.data.length - 2) / 2;
  const total = size + 32 * log.topics.length;
  const position = at % total;
  if (position < size) return { ...log, data: put(log.data, position) };
  const topic = Math.floor((position - size) / 32);
  return {
    ...log,
    topics: log.topics.map((one, i) => (i === topic ? put(one, (position - size) % 32) : one)),
  };
}
