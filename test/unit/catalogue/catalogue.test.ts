import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { Database } from "../../../src/catalogue/database.ts";
import type { Connection } from "../../../src/contract/connection.ts";
import type { JsonRpc, RpcCall } from "../../../src/rpc/json-rpc.ts";
import { JsonRpcFailure } from "../../../src/rpc/json-rpc.ts";
import { blockTime, connectionTo, whatCatalogueSays, whatContractSays } from "../../support/catalogue.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { codeOf } from "../../support/errors.ts";
import { acme, RegistryBench, subject } from "../../support/registry.ts";

let bench: RegistryBench;
let connection: Connection;
let directory: Awaited<ReturnType<typeof temporaryDirectory>>;
beforeEach(async () => {
  bench = await RegistryBench.deploy();
  connection = await connectionTo(bench);
  directory = await temporaryDirectory();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await bench.close();
  await directory[Symbol.asyncDispose]();
});

function open(name = "catalogue.sqlite"): Catalogue {
  const catalogue = Catalogue.open(join(directory.path, name), connection.profile);
  onTestFinished(() => catalogue.close());
  return catalogue;
}

/** The same chain behind an endpoint that answers some calls in its own way. */
function through(answer: (call: RpcCall, honest: unknown) => unknown): Connection {
  const { rpc, profile } = connection;
  const call = async (method: string, ...params: unknown[]): Promise<unknown> => {
    const given = answer([method, ...params], await rpc.call(method, ...params).catch((error) => error));
    if (given instanceof Error) throw given;
    return given;
  };
  const callAll = async (calls: readonly RpcCall[]): Promise<unknown[]> => {
    const answers = await rpc.callAll(calls);
    return calls.map((one, i) => answer(one, answers[i]));
  };
  return { rpc: { label: "bench", call, callAll } as unknown as JsonRpc, profile };
}

async function agree(catalogue: Catalogue): Promise<void> {
  const now = await blockTime(connection);
  const said = await whatContractSays(connection, now);
  expect(whatCatalogueSays(catalogue, now)).toEqual(
    new Map([...said].map(([id, { hasCounted, at, ...rest }]) => [id, rest])),
  );
}

describe("a chain that takes blocks back", () => {
  test("is followed from its beginning again, and says so", async () => {
    const { signers } = await bench.admitAcme(1);
    const [signer = bench.account(2)] = signers;
    await bench.submit(await bench.claim({ tag: "kept" }), signer);
    const catalogue = open();
    await catalogue.follow(connection);
    const snapshot = await bench.rpc("evm_snapshot");
    await bench.submit(await bench.claim({ tag: "gone" }), signer);
    expect((await catalogue.follow(connection)).rebuilt).toBe(false);
    expect(catalogue.count({ foreign: true })).toBe(2);

    await bench.rpc("evm_revert", snapshot);
    await bench.submit(await bench.claim({ tag: "other" }), signer);
    await bench.submit(await bench.claim({ tag: "another" }), signer);
    const change = await catalogue.follow(connection);
    expect(change).toMatchObject({ rebuilt: true, acts: [] });
    expect(change.digests.size + change.organisations.size).toBe(0);
    await agree(catalogue);
    expect(catalogue.count({ foreign: true })).toBe(3);
    expect((await catalogue.follow(connection)).rebuilt).toBe(false);
  });

  test("or is only behind what another endpoint told, keeps what is known", async () => {
    const { signers } = await bench.admitAcme(1);
    const [signer = bench.account(2)] = signers;
    await bench.submit(await bench.claim(), signer);
    const catalogue = open();
    await catalogue.follow(connection);
    const old = await bench.rpc("eth_getBlockByNumber", "0x2", false);
    const behind = through(([method, tag], honest) =>
      method !== "eth_getBlockByNumber" ? honest : tag === "latest" ? old : Number(tag) > 2 ? null : honest,
    );
    expect((await catalogue.follow(behind)).rebuilt).toBe(false);
    expect(catalogue.count({ foreign: true })).toBe(1);
    // The embedded chain has one writer, which is never behind: what it does not have any more is gone.
    const gone = { ...behind, profile: { ...behind.profile, embedded: true } };
    expect((await catalogue.follow(gone)).rebuilt).toBe(true);
    expect(catalogue.position?.block).toBe(2);
  });

  test("or has gone on since it was asked how far it is, keeps what others have followed meanwhile", async () => {
    const { signers } = await bench.admitAcme(1);
    const [signer = bench.account(2)] = signers;
    const [catalogue, other] = [open(), open()];
    await catalogue.follow(connection);
    await bench.submit(await bench.claim(), signer);
    const stale = await bench.rpc("eth_getBlockByNumber", "latest", false);
    await bench.submit(await bench.claim({ tag: "next" }), signer);
    let asked = 0;
    const meanwhile = through(([method, tag], honest) =>
      method === "eth_getBlockByNumber" && tag === "latest" && asked++ === 0 ? stale : honest,
    );
    await other.follow(connection);
    const embedded = { ...meanwhile, profile: { ...meanwhile.profile, embedded: true } };
    const change = await catalogue.follow(embedded);
    expect(change.rebuilt).toBe(false);
    expect(catalogue.count({ foreign: true })).toBe(2);
  });

  test("again and again, is given up", async () => {
    await bench.admitAcme(1);
    const catalogue = open();
    await catalogue.follow(connection);
    let turn = 0;
    const flickering = through(([method, tag], honest) =>
      method === "eth_getBlockByNumber" && tag !== "0x0"
        ? { ...(honest as object), hash: `0x${(turn++).toString(16).padStart(64, "0")}` }
        : honest,
    );
    expect(await codeOf(() => catalogue.follow(flickering))).toBe("CHAIN_KEEPS_CHANGING");
    await catalogue.follow(connection);
    expect(catalogue.organisation("acme")).toBeDefined();
  });

  test("that has become another chain altogether is not followed", async () => {
    await bench.admitAcme(1);
    const catalogue = open();
    await catalogue.follow(connection);
    await bench.rpc("hardhat_mine", "0x2");
    const other = through(([method], honest) =>
      method === "eth_getBlockByNumber" ? { ...(honest as object), hash: `0x${"7".repeat(64)}` } : honest,
    );
    expect(await codeOf(() => catalogue.follow(other))).toBe("CHAIN_NOT_PINNED");
    expect(catalogue.organisation("acme")).toBeDefined();
  });
});

describe("an endpoint with limits", () => {
  test("is asked for fewer blocks, and for a block it finds too much in transaction by transaction", async () => {
    const { signers } = await bench.admitAcme(2);
    const [signer = bench.account(2)] = signers;
    for (let i = 0; i < 8; i++) {
      await bench.submitBatch(
        [await bench.claim({ tag: `${i}` }), await bench.claim({ tag: `${i}-b` })],
        signer,
      );
    }
    const asked: number[] = [];
    const limited = through(([method, filter], honest) => {
      if (method !== "eth_getLogs") return honest;
      const { fromBlock, toBlock } = filter as { fromBlock: string; toBlock: string };
      asked.push(Number(toBlock) - Number(fromBlock) + 1);
      return Array.isArray(honest) && honest.length > 4
        ? new JsonRpcFailure(-32005, "too much", undefined)
        : honest;
    });
    const catalogue = open();
    await catalogue.follow(limited);
    await agree(catalogue);
    expect(Math.max(...asked)).toBeGreaterThan(1);
  });

  test("that refuses even one block, and does not tell its transactions, is a failure", async () => {
    await bench.admitAcme(1);
    const refusing = through(([method], honest) =>
      method === "eth_getLogs" || method === "eth_getTransactionReceipt"
        ? new JsonRpcFailure(-32005, "too much", undefined)
        : honest,
    );
    expect(await codeOf(() => open().follow(refusing))).toBe("CHAIN_REFUSED");
  });

  test("that has dropped the state of a void's block is not believed", async () => {
    const { admin, signers } = await bench.admitAcme(2);
    const [signer = bench.account(2)] = signers;
    const claim = await bench.claim();
    await bench.submit(claim, signer);
    await bench.send(admin, "voidSigner", acme, signer.address, 0);
    const zeros = through(([method], honest) =>
      method === "eth_call" ? `0x${"0".repeat((honest as string).length - 2)}` : honest,
    );
    const catalogue = open();
    expect(await codeOf(() => catalogue.follow(zeros))).toBe("RECORD_UNTOLD");
    // Until the contract has said what a void leaves, nothing stands.
    expect(catalogue.entry(bench.idOf(claim))?.standing).toBe("untrusted");
    expect(catalogue.count({ foreign: true })).toBe(0);
    await catalogue.follow(connection);
    await agree(catalogue);
  });
});

describe("a void", () => {
  test("takes down what its signer approved since then, and nothing else, whether it is followed at once or later", async () => {
    const { admin, signers } = await bench.admitAcme(4, 2);
    const [first = admin, second = admin, third = admin, fourth = admin] = signers;
    const start = await bench.now();
    const [live, seen] = [open(), open("later.sqlite")];
    const pairs = [
      [first, second],
      [second, third],
      [first, third],
      [second],
      [first, second, third, fourth],
      [fourth],
    ];
    for (const [at, by] of pairs.entries()) {
      await bench.setNextTime(start + 100 * (at + 1));
      await bench.submit(
        await bench.claim({ tag: `${at % 4}`, subjects: [subject(at)], issuedAt: start + at }),
        ...by,
      );
      await live.follow(connection);
    }
    await bench.setNextTime(start + 1000);
    await bench.send(admin, "voidSigner", acme, second.address, start + 150);
    await live.follow(connection);
    await agree(live);
    const standings = live
      .find({ standing: "any", superseded: true, foreign: true }, { offset: 0, limit: 10 }, start)
      .map(({ standing, approvals }) => `${standing} ${approvals}`);
    expect(standings).toEqual(["pending 1", "good 3", "untrusted 0", "good 2", "pending 1", "good 2"]);

    // Further back, and another; what was waiting is approved by those who are left.
    await bench.send(admin, "voidSigner", acme, second.address, 0);
    const waiting = await bench.claim({ tag: "3", subjects: [subject(3)], issuedAt: start + 3 });
    await bench.submit(waiting, first, third);
    await bench.send(admin, "voidSigner", acme, fourth.address, start + 550);
    await live.follow(connection);
    await agree(live);
    await seen.follow(connection);
    await agree(seen);
    expect(live.entry(bench.idOf(waiting))).toMatchObject({ standing: "good", isHead: true, approvals: 2 });
  });
});

describe("what waits for signatures", () => {
  test("is listed newest first until it counts, is revoked, or has expired", async () => {
    const { admin, signers } = await bench.admitAcme(3, 2);
    const [first = admin, second = admin] = signers;
    const now = await bench.now();
    const claims = await Promise.all(
      ["old", "counts", "revoked", "expires", "new"].map((tag, i) =>
        bench.claim({
          tag,
          issuedAt: now - 100 + i,
          expiresAt: tag === "expires" ? now + 1000 : 0,
          subjects: [subject(tag)],
        }),
      ),
    );
    for (const claim of claims) await bench.submit(claim, first);
    const catalogue = open();
    await catalogue.follow(connection);
    const waiting = (at: number) => catalogue.pending("acme", at).map(({ tag }) => tag);
    expect(waiting(now)).toEqual(["new", "expires", "revoked", "counts", "old"]);
    expect(waiting(now + 1000)).toEqual(["new", "revoked", "counts", "old"]);
    expect(catalogue.pending("globex", now)).toEqual([]);
    const byTag = (tag: string) => claims.find((claim) => claim.tag === tag) ?? claims[0];
    const counts = byTag("counts");
    if (counts !== undefined) await bench.submit(counts, second);
    const revoked = byTag("revoked");
    if (revoked !== undefined) await bench.send(admin, "revokeClaim", acme, bench.idOf(revoked), "");
    await catalogue.follow(connection);
    expect(waiting(now + 1000)).toEqual(["new", "old"]);
  });
});

describe("the file", () => {
  test("is for its owner alone, and closed without anything beside it", async () => {
    await bench.admitAcme(1);
    const catalogue = open("c.sqlite");
    await catalogue.follow(connection);
    catalogue.close();
    catalogue.close();
    expect(readdirSync(directory.path).sort()).toEqual(["c.sqlite", "c.sqlite.lock"]);
  });

  test("cannot be kept where there is no SQLite, or where nobody may write", async () => {
    expect(await codeOf(() => Catalogue.open("/dev/null/catalogue.sqlite", connection.profile))).toBe(
      "INDEX_FAILED",
    );
    const get = process.getBuiltinModule;
    vi.spyOn(process, "getBuiltinModule").mockImplementation(((id: string) =>
      id === "node:sqlite" ? undefined : get(id)) as typeof get);
    const error = await Promise.resolve()
      .then(() => open("d.sqlite"))
      .catch((thrown) => thrown);
    expect(error).toMatchObject({ code: "SQLITE_MISSING" });
    expect(error.message).toContain("SQLite");
  });

  test("is asked by indexes: whatever grows with the chain is never gone through from end to end", async () => {
    const asked = new Set<string>();
    for (const method of ["run", "get", "all"] as const) {
      const original = Database.prototype[method] as (sql: string, ...values: never[]) => never;
      vi.spyOn(Database.prototype, method).mockImplementation(function (
        this: Database,
        sql: string,
        ...values: never[]
      ) {
        asked.add(sql);
        return original.call(this, sql, ...values);
      } as never);
    }
    const { admin, signers } = await bench.admitAcme(2);
    const [first = admin, second = admin] = signers;
    await bench.send(bench.account(0), "addNamespace", acme, "docker.io/acme");
    const claim = await bench.claim();
    await bench.submit(claim, first);
    await bench.submitBatch([claim, await bench.claim({ tag: "2", subjects: [subject("two")] })], first);
    await bench.send(admin, "revokeClaim", acme, bench.idOf(claim), "");
    await bench.send(admin, "revokeDigests", acme, [`0x${subject("two").digest.slice(7)}`], "");
    await bench.send(admin, "voidSigner", acme, second.address, 0);
    await bench.send(admin, "removeNamespace", acme, "docker.io/acme");
    const catalogue = open();
    await catalogue.follow(connection, { since: 0, search: true });
    catalogue.find({ text: "abcd", organisation: "acme", standing: "any" }, { offset: 0, limit: 10 });
    catalogue.entry(bench.idOf(claim));
    catalogue.inRecord(bench.idOf(claim));
    catalogue.naming([subject("two").digest]);
    catalogue.organisation("acme");
    catalogue.pending("acme");

    const database = new Database(join(directory.path, "catalogue.sqlite"), 0);
    const plans = [...asked]
      .filter((sql) => /^\s*(?:SELECT|UPDATE|DELETE|INSERT)/.test(sql))
      .flatMap((sql) =>
        database
          .all(`EXPLAIN QUERY PLAN ${sql}`)
          .map(({ detail }) => ({ sql: sql.replaceAll(/\s+/g, " "), detail: String(detail) })),
      );
    database.close();
    expect(plans.length).toBeGreaterThan(30);
    const scans = plans.filter(({ detail }) =>
      /^SCAN (?!state\b|sqlite_schema\b|\w+ USING (?:COVERING )?INDEX records_stale$)/.test(detail),
    );
    expect(scans).toEqual([]);
    // What is sorted is a few rows of one claim or one record.
    expect(
      plans.filter(
        ({ sql, detail }) => /TEMP B-TREE/.test(detail) && !/rank|UNION|members|[cr]\.prefix = \?/.test(sql),
      ),
    ).toEqual([]);
  });
});
