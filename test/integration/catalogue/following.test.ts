import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as nextTick } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { Catalogue } from "../../../src/catalogue/catalogue.ts";
import { noAnnotations, toClaimStruct } from "../../../src/claim/claim.ts";
import { sendAllToRegistry } from "../../../src/contract/transaction.ts";
import type { Digest } from "../../../src/digest/digest.ts";
import { blockTime, type Compared, whatCatalogueSays, whatContractSays } from "../../support/catalogue.ts";
import { Consortium, signerOf } from "../../support/consortium.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";
import { digestOf } from "../../support/registry.ts";

const follower = fileURLToPath(new URL("../../support/catalogue-follower.ts", import.meta.url));
/** Batches, each of which is a step of following, and claims in each. */
const [batches, perBatch] = [24, 40] as const;

let chain: Consortium;
let said: Map<string, Compared>;
let now: number;
let digests: Digest[];

beforeAll(async () => {
  chain = await Consortium.start();
  const { id } = await chain.admit("acme", { signers: ["build"], threshold: 1 });
  const { connection } = chain;
  const issuedAt = (await blockTime(connection)) - batches * perBatch;
  digests = Array.from({ length: batches * perBatch }, (_, i) => digestOf(i));
  for (let batch = 0; batch < batches; batch++) {
    const claims = Array.from({ length: perBatch }, (_, i) => {
      const number = batch * perBatch + i;
      return toClaimStruct({
        organisation: id,
        repository: `docker.io/acme/app-${number % 60}`,
        tag: `${number % 3}`,
        subjects: [{ kind: "config", digest: digests[number] ?? digestOf(0), platform: "linux/amd64" }],
        issuedAt: issuedAt + number,
        expiresAt: 0,
        annotations: noAnnotations,
      });
    });
    const approvals = [[signerOf("build").address, "0x"]];
    const [sent] = await sendAllToRegistry(connection, signerOf("build"), [
      ["submitBatch", [claims, approvals, claims.map(() => "")]],
    ]);
    expect(sent?.status).toBe("fulfilled");
  }
  await chain.send("acme", "revokeDigests", id, [`0x${digests.at(-1)?.slice(7)}`], "flawed");
  now = await blockTime(connection);
  const contract = await whatContractSays(connection, now);
  said = new Map([...contract].map(([id, { hasCounted, at, ...rest }]) => [id, rest]));
  expect(said.size).toBe(batches * perBatch);
}, 300_000);
afterAll(() => chain?.stop());

/** A file for a test's catalogue. */
async function newFile(): Promise<string> {
  const directory = await temporaryDirectory();
  onTestFinished(() => directory[Symbol.asyncDispose]());
  return join(directory.path, "catalogue.sqlite");
}

function openAt(file: string, profile = chain.connection.profile): Catalogue {
  const catalogue = Catalogue.open(file, profile);
  onTestFinished(() => catalogue.close());
  return catalogue;
}

async function expectWhole(catalogue: Catalogue): Promise<void> {
  await catalogue.follow(chain.connection);
  expect(whatCatalogueSays(catalogue, now)).toEqual(said);
}

/** Starts a process that follows. @param onBlock gets each block that it has come to */
function start(file: string, onBlock: (child: ChildProcess) => void = () => {}): Promise<number | null> {
  const child = spawn(process.execPath, [follower, chain.home.directory, file], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout !== null)
    createInterface(child.stdout).on("line", (line) => {
      if (/^\d+$/.test(line)) onBlock(child);
    });
  return once(child, "exit").then(([code]) => code as number | null);
}

describe("a catalogue", () => {
  test("that is killed at every step goes on from where it was, and misses nothing", async () => {
    const file = await newFile();
    const positions: number[] = [];
    let killed = 0;
    for (let round = 0; round < 60; round++) {
      // Not always at the same point of a step: a little later each time.
      const code = await start(file, (child) => setTimeout(() => child.kill("SIGKILL"), round % 7));
      if (code === null) killed++;
      const catalogue = Catalogue.open(file, chain.connection.profile);
      positions.push(catalogue.position?.block ?? -1);
      catalogue.close();
      if (code === 0) break;
    }
    expect(killed).toBeGreaterThan(5);
    expect(positions).toEqual(positions.toSorted((a, b) => a - b));
    await expectWhole(openAt(file));
  });

  test("may be followed by several processes at once", async () => {
    const file = await newFile();
    const own = openAt(file);
    const codes = await Promise.all([start(file), start(file), own.follow(chain.connection), start(file)]);
    expect(codes.filter((code) => typeof code === "number")).toEqual([0, 0, 0]);
    await expectWhole(own);
  });

  test("tells each process what is new to it, whoever took it in", async () => {
    const file = await newFile();
    const [first, second] = [openAt(file), openAt(file)];
    expect((await first.follow(chain.connection)).acts).toEqual([]);
    expect((await second.follow(chain.connection)).acts).toEqual([]);
    const { id } = await chain.admit("globex");
    const changes = [await first.follow(chain.connection), await second.follow(chain.connection)];
    for (const { acts, organisations, rebuilt } of changes) {
      expect(acts.map(({ act, organisation }) => `${organisation} ${act}`)).toEqual([
        "globex organisation admitted",
        "globex admin added",
        "globex signer added",
        "globex namespace added",
      ]);
      expect([...organisations]).toEqual(["globex"]);
      expect(rebuilt).toBe(false);
    }
    expect((await second.follow(chain.connection)).acts).toEqual([]);

    await chain.send("globex", "revokeDigests", id, [`0x${digestOf("x").slice(7)}`], "why not");
    const told: string[] = [];
    const { acts, digests: touched } = await first.follow(chain.connection, {
      since: 0,
      onActs: (some) => void told.push(...some.map(({ act }) => act)),
    });
    expect([...touched]).toContain(digestOf("x"));
    expect(acts.at(-1)).toMatchObject({ act: "revoked digest", organisation: "globex", reason: "why not" });
    // All of them are told, though the last thousand are kept.
    expect(told.filter((act) => act === "claimed")).toHaveLength(batches * perBatch);
    expect(acts).toHaveLength(1000);
  });

  test("is followed by two at once while the chain goes on, and never made anew for it", async () => {
    const file = await newFile();
    const [first, second] = [openAt(file), openAt(file)];
    await first.follow(chain.connection);
    const told: string[][] = [[], []];
    let isOver = false;
    const followers = [first, second].map(async (catalogue, at) => {
      while (!isOver) {
        const { acts, rebuilt } = await catalogue.follow(chain.connection);
        expect(rebuilt).toBe(false);
        told[at]?.push(...acts.map(({ subject }) => subject));
      }
      const { acts } = await catalogue.follow(chain.connection);
      told[at]?.push(...acts.map(({ subject }) => subject));
    });
    const { id } = await chain.admit("initech");
    for (let i = 0; i < 20; i++) await chain.send("initech", "setDisplayName", id, `name ${i}`);
    isOver = true;
    await Promise.all(followers);
    const names = Array.from({ length: 20 }, (_, i) => `name ${i}`);
    for (const subjects of told) expect(subjects.filter((subject) => names.includes(subject))).toEqual(names);
    expect(second.organisation("initech")?.displayName).toBe("name 19");
  });

  test.each([
    ["no database", (file: string) => writeFile(file, "x".repeat(100_000))],
    ["empty", (file: string) => writeFile(file, "")],
    ["cut off", async (file: string) => truncate(file, Math.floor((await stat(file)).size / 2))],
    ["gone", (file: string) => rm(file)],
    [
      "full of noise",
      async (file: string) => {
        const handle = await open(file, "r+");
        const { size } = await handle.stat();
        for (let at = 4096; at < size; at += 8192) await handle.write(Buffer.alloc(2000, at), 0, 2000, at);
        await handle.close();
      },
    ],
  ])("whose file is %s is made anew", async (_what, damage) => {
    const file = await newFile();
    const before = Catalogue.open(file, chain.connection.profile);
    await before.follow(chain.connection);
    before.close();
    await damage(file);
    await expectWhole(openAt(file));
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  test("is made anew though the damage is done, and noticed, while it is open", async () => {
    const file = await newFile();
    const catalogue = openAt(file);
    await catalogue.follow(chain.connection);
    const size = (await readFile(file)).length;
    await writeFile(file, Buffer.alloc(size, 7));
    await rm(`${file}-wal`, { force: true });
    const query = { standing: "any", superseded: true, foreign: true } as const;
    // What it finds then is nothing, or what it still remembers; it does not fail.
    expect(catalogue.count(query, now)).toBeLessThanOrEqual(batches * perBatch);
    expect(catalogue.naming([digestOf(1)], now).length).toBeLessThanOrEqual(1);
    await expectWhole(catalogue);
  });

  test("of another registry, or of another chain, is not taken for this one's", async () => {
    const file = await newFile();
    const { profile } = chain.connection;
    for (const other of [
      { ...profile, registry: "0x5FbDB2315678afecb367f032d93F642f64180aa3" },
      { ...profile, genesisHash: `0x${"5".repeat(64)}` },
      { ...profile, chainId: 5 },
    ]) {
      await expectWhole(openAt(file));
      const catalogue = openAt(file, other);
      expect(catalogue.position).toBeUndefined();
      expect(catalogue.organisations()).toEqual([]);
      await expect(catalogue.follow(chain.connection)).rejects.toMatchObject({
        code: "INDEX_OF_OTHER_CHAIN",
      });
    }
  });

  test("does not keep anybody from the thread for long, nor from reading", async () => {
    const catalogue = openAt(await newFile());
    let [ticks, isOver] = [0, false];
    const tick = (): void => {
      ticks++;
      // What it finds in the middle of a step are whole steps.
      expect(catalogue.count({ standing: "any", superseded: true }, now) % perBatch).toBe(0);
      if (!isOver) setTimeout(tick, 1);
    };
    tick();
    await catalogue.follow(chain.connection).finally(() => {
      isOver = true;
    });
    await nextTick(2);
    expect(ticks).toBeGreaterThan(batches);
  });

  test("is given up when it is closed, or when its follower wishes", async () => {
    const catalogue = openAt(await newFile());
    const stop = new AbortController();
    const stopped = catalogue.follow(chain.connection, {
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: "CANCELLED" });
    const closed = catalogue.follow(chain.connection, { onProgress: () => catalogue.close() });
    await expect(closed).rejects.toMatchObject({ code: "CANCELLED" });
  });
});
