/**
 * The catalogue of a real embedded chain: how fast it follows, as a ratio to reading the same logs and keeping nothing; for how long it holds
 * the thread; what it takes on the disk and in memory; and how long a search takes, letter by letter as somebody types.
 *
 *     node --expose-gc bench/catalogue.ts [CLAIMS]
 */
import { createHash } from "node:crypto";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { id } from "ethers";
import { Catalogue } from "../src/catalogue/catalogue.ts";
import type { CatalogueQuery } from "../src/catalogue/entry.ts";
import { LogReader } from "../src/catalogue/logs.ts";
import { noAnnotations, organisationId } from "../src/claim/claim.ts";
import type { Connection } from "../src/contract/connection.ts";
import { readBlock } from "../src/contract/contract.ts";
import { sendAllToRegistry } from "../src/contract/transaction.ts";
import { toDigest } from "../src/digest/digest.ts";
import { startEmbeddedChain, stopEmbeddedChain } from "../src/embedded-chain/launch.ts";
import { Follower } from "../src/gates/follower.ts";
import { homeAt } from "../src/home.ts";
import type { ImageFacts } from "../src/image/image.ts";
import { connect } from "../src/network/connect.ts";
import { bootstrap } from "../src/operations/bootstrap.ts";
import { privateKeySigner } from "../src/signature/signer.ts";
import { TimeSlices } from "../src/time-slices.ts";
import { decide } from "../src/verdict/decide.ts";

const claims = Number(process.argv[2] ?? 100_000);
const perBatch = 100;
const tagsOf = 10;
const words =
  "alpha api auth billing cache cart core data edge event feed gate graph image index job log mail map media node order pay proxy queue report search shop stream sync task user video web worker".split(
    " ",
  );

const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
const home = homeAt(join(directory, "home"));
const signer = privateKeySigner(id("bench"));

const hash = (text: string): string => `0x${createHash("sha256").update(text).digest("hex")}`;
const word = (n: number): string => words[n % words.length] ?? "";
const repositoryOf = (n: number): string =>
  `docker.io/${word(n * 7)}-${word(Math.floor(n / 36))}/${word(n)}-${Math.floor(n / 13)}`;

/** A claim as the contract takes it; the sender is the signer, so that nothing needs to be signed beside the transaction. */
function claim(n: number, issuedAt: number): object {
  const subject = (kind: number) => ({ digest: hash(`${kind} ${n}`), kind, platform: "linux/amd64" });
  return {
    organisation: organisationId("bench"),
    repository: repositoryOf(Math.floor(n / tagsOf)),
    tag: `1.${n % tagsOf}.${n % 7}`,
    subjects: [subject(1), subject(0), subject(3)],
    issuedAt,
    expiresAt: 0,
    annotations: noAnnotations,
  };
}

async function fill(connection: Connection): Promise<void> {
  const { time } = await readBlock(connection.rpc);
  for (let from = 0; from < claims; from += 10 * perBatch) {
    const acts = [];
    for (let first = from; first < Math.min(claims, from + 10 * perBatch); first += perBatch) {
      const batch = Array.from({ length: perBatch }, (_, i) => claim(first + i, time - claims + first + i));
      acts.push(["submitBatch", [batch, [[signer.address, "0x"]], batch.map(() => "")]] as const);
    }
    for (const result of await sendAllToRegistry(connection, signer, acts)) {
      if (result.status === "rejected") throw result.reason;
    }
    process.stderr.write(`\r${from + 10 * perBatch} of ${claims} claims`);
  }
  process.stderr.write("\n");
}

/** Runs a task, and notes the longest time for which nobody else had the thread. */
async function timed<T>(task: () => Promise<T>): Promise<{ result: T; ms: number; held: number }> {
  let [last, held] = [performance.now(), 0];
  let isOver = false;
  const tick = (): void => {
    const now = performance.now();
    held = Math.max(held, now - last);
    last = now;
    if (!isOver) setImmediate(tick);
  };
  setImmediate(tick);
  const begin = performance.now();
  const result = await task();
  isOver = true;
  return { result, ms: performance.now() - begin, held };
}

/** Every beginning of some words and names, as they are typed. */
function typed(): string[] {
  const texts = [
    "api",
    "worker",
    "docker.io/auth",
    "billing-7",
    "stream 1.3",
    "bench",
    "zzz",
    "image-42 1.1",
    hash("0 17").slice(0, 14),
  ];
  return texts.flatMap((text) => Array.from(text, (_, i) => text.slice(0, i + 1)));
}

function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

const memory = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 2 ** 20;
};

/** What a gate holds that follows all of this, and how long it takes to gather evidence and to decide: of images that are claimed, and of others. */
async function gate(catalogue: Catalogue, connection: Connection): Promise<void> {
  const before = memory();
  const follower = new Follower(catalogue, connection.profile, () => connect(home), { staleness: 60 });
  follower.start();
  while (!follower.status.isReady) await sleep(50);
  const policy = { organisation: undefined, newest: true };
  const imageOf = (n: number): ImageFacts => {
    const digest = toDigest(`sha256:${hash(`1 ${n}`).slice(2)}`);
    return {
      image: `image ${n}`,
      transport: "docker-daemon",
      name: {
        repository: repositoryOf(Math.floor(n / tagsOf)),
        tag: `1.${n % tagsOf}.${n % 7}`,
        carried: true,
      },
      depth: "id",
      layers: "unread",
      subjects: [{ kind: "config", digest, platform: "linux/amd64" }],
      corruptions: [],
      notes: [],
      bytes: 0,
    };
  };
  const measure = async (next: (turn: number) => ImageFacts): Promise<string> => {
    const times: number[] = [];
    for (let turn = 0; turn < 5000; turn++) {
      const facts = next(turn);
      const begin = performance.now();
      decide(follower.gather(facts, policy).evidence, policy);
      times.push(performance.now() - begin);
      if (turn % 100 === 0) await sleep(1);
    }
    return `${percentile(times, 0.5).toFixed(3)} ms (p50), ${percentile(times, 0.99).toFixed(3)} ms (p99)`;
  };
  console.log(
    `a gate:     decides about a new image in ${await measure((turn) => imageOf((turn * 7919) % (claims * 2)))}`,
  );
  const again = Array.from({ length: 200 }, (_, at) => imageOf(at * 31));
  console.log(
    `            about one of 200 again and again in ${await measure((turn) => again[turn % 200] ?? imageOf(0))}`,
  );
  console.log(`            with ${(memory() - before).toFixed(0)} MB of heap beside`);
  await follower.close();
}

try {
  const { url } = await startEmbeddedChain({ directory: home.chain });
  await bootstrap(home, url, { organisation: "bench", unlock: async () => signer });
  const connection = await connect(home);
  await fill(connection);
  const head = await readBlock(connection.rpc);

  const read = async (): Promise<number> => {
    const reader = new LogReader(connection, new TimeSlices(undefined));
    let logs = 0;
    for (let from = 0; from <= head.number; ) {
      const answer = await reader.read(from, head.number, 0);
      logs += answer.logs.length;
      from = answer.to.block + 1;
    }
    return logs;
  };
  await read();
  const reading = await timed(read);
  const logs = reading.result;
  console.log(`${claims} claims, ${logs} events, ${head.number} blocks`);
  console.log(
    `read only:  ${Math.round((logs / reading.ms) * 1000)} events/s, thread held ${reading.held.toFixed(1)} ms at most`,
  );

  const catalogue = Catalogue.open(home.catalogue, connection.profile);
  const following = await timed(() => catalogue.follow(connection));
  console.log(
    `catalogue:  ${Math.round((logs / following.ms) * 1000)} events/s, ${(following.ms / reading.ms).toFixed(2)} times as long, thread held ${following.held.toFixed(1)} ms at most`,
  );
  const sizes = await Promise.all(["", "-wal"].map((end) => stat(home.catalogue + end)));
  const size = sizes.reduce((sum, file) => sum + file.size, 0);
  console.log(`on disk:    ${(size / 2 ** 20).toFixed(0)} MB, ${Math.round(size / claims)} bytes a claim`);
  const nothing = await timed(() => catalogue.follow(connection));
  console.log(`nothing new: ${nothing.ms.toFixed(1)} ms`);

  await gate(catalogue, connection);

  const before = memory();
  const preparing = await timed(() => catalogue.prepare());
  console.log(
    `prepared in ${preparing.ms.toFixed(0)} ms, thread held ${preparing.held.toFixed(1)} ms at most, ${(memory() - before).toFixed(0)} MB of heap`,
  );
  for (const [name, query] of Object.entries({
    "the default": {},
    everything: { standing: "any", superseded: true, foreign: true },
    "by name": { order: "name" },
  } satisfies Record<string, CatalogueQuery>)) {
    catalogue.count({ ...query, text: "warm" });
    let moment = head.time;
    const times = Array.from({ length: 5 }, () => typed())
      .flat()
      .map((text, turn) => {
        // The first letter of each is looked for in everything.
        if (text.length === 1) moment = head.time + turn;
        const begin = performance.now();
        catalogue.count({ ...query, text }, moment);
        catalogue.find({ ...query, text }, { offset: 0, limit: 50 }, moment);
        return performance.now() - begin;
      });
    console.log(
      `search, ${name}: count and 50 entries in ${percentile(times, 0.5).toFixed(1)} ms (p50), ${percentile(times, 0.99).toFixed(1)} ms (p99), of ${catalogue.count(query)}`,
    );
  }
  catalogue.close();
  connection.rpc.close();
} finally {
  await stopEmbeddedChain({ directory: home.chain });
  await rm(directory, { recursive: true, force: true });
}
