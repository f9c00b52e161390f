/**
 * Signing many small images end to end, from the layout on the disk to the claim in a block of a real embedded chain: by the
 * library, and by a naive loop over the same images (ethers' Contract on its JsonRpcProvider with its default polling, one
 * `await tx.wait()` after the other), in the same run. Then where the library's time goes.
 *
 *     node bench/signing.ts [IMAGES]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Contract, id, JsonRpcProvider, Wallet } from "ethers";
import { claimDomain, claimTypes, noAnnotations, toClaimStruct } from "../src/claim/claim.ts";
import { registryAbi } from "../src/contract/artifact.ts";
import { placeOf } from "../src/contract/claims.ts";
import { startEmbeddedChain, stopEmbeddedChain } from "../src/embedded-chain/launch.ts";
import { homeAt } from "../src/home.ts";
import type { ImageFacts } from "../src/image/image.ts";
import { writeOciLayout } from "../src/image/oci/write-layout.ts";
import { openImage } from "../src/image/open.ts";
import { connect } from "../src/network/connect.ts";
import { bootstrap } from "../src/operations/bootstrap.ts";
import { ImageSigning } from "../src/operations/sign.ts";
import type { Rpc } from "../src/rpc/json-rpc.ts";
import { privateKeySigner, type Signer } from "../src/signature/signer.ts";

const count = Number(process.argv[2] ?? 1000);
/** The naive loop is slow, and each of its turns is like the other: it takes a part of the images only. */
const naiveCount = Math.min(count, Math.max(100, Math.floor(count / 10)));

const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
const home = homeAt(join(directory, "home"));
const key = id("bench");

async function write(set: string, many: number): Promise<string[]> {
  const references: string[] = [];
  for (let i = 0; i < many; i++) {
    const layout = join(directory, set, String(i));
    await writeOciLayout({
      directory: layout,
      tag: "1.0",
      annotations: { "io.containerd.image.name": `docker.io/acme/${set}-${i}:1.0` },
      files: { "app.txt": `${set} ${i}` },
    });
    references.push(`oci:${layout}:1.0`);
  }
  return references;
}

async function inspect(reference: string): Promise<ImageFacts> {
  return (await openImage(reference)).inspect({});
}

/** The time that calls take, each by itself, in milliseconds. */
function timed(signer: Signer, spent: { signing: number }): Signer {
  const time = async <T>(task: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    try {
      return await task();
    } finally {
      spent.signing += performance.now() - begin;
    }
  };
  return {
    address: signer.address,
    signTypedData: (data) => time(() => signer.signTypedData(data)),
    signTransaction: (fields, call) => time(() => signer.signTransaction(fields, call)),
  };
}

/** Counts what the chain is asked, and how long its answers take, by method. */
function watch(rpc: Rpc): Map<string, { requests: number; calls: number; ms: number }> {
  const seen = new Map<string, { requests: number; calls: number; ms: number }>();
  const note = async <T>(method: string, calls: number, task: () => Promise<T>): Promise<T> => {
    const begin = performance.now();
    const answer = await task();
    const before = seen.get(method) ?? { requests: 0, calls: 0, ms: 0 };
    seen.set(method, {
      requests: before.requests + Math.ceil(calls / 100),
      calls: before.calls + calls,
      ms: before.ms + performance.now() - begin,
    });
    return answer;
  };
  const { call, callAll } = rpc;
  rpc.call = (method, ...params) => note(method, 1, () => call.call(rpc, method, ...params));
  // One call of many goes through `call`, and is counted there.
  rpc.callAll = (calls) =>
    calls.length < 2
      ? callAll.call(rpc, calls)
      : note(calls[0]?.[0] ?? "", calls.length, () => callAll.call(rpc, calls));
  return seen;
}

try {
  const { url } = await startEmbeddedChain({ directory: home.chain, port: 0 });
  const spent = { signing: 0, reading: 0 };
  const signer = timed(privateKeySigner(key), spent);
  const { organisation } = await bootstrap(home, url, { unlock: async () => signer });
  const [ours, theirs] = [await write("ours", count), await write("theirs", naiveCount)];

  const connection = await connect(home);
  const { registry, chainId } = placeOf(connection);
  const provider = new JsonRpcProvider(url, undefined, { cacheTimeout: -1 });
  const wallet = new Wallet(key, provider);
  const contract = new Contract(registry, registryAbi, wallet);
  const naive = async (reference: string): Promise<void> => {
    const facts = await inspect(reference);
    const claim = toClaimStruct({
      organisation: organisation.id,
      repository: facts.name?.repository ?? "",
      tag: facts.name?.tag ?? "",
      subjects: facts.subjects,
      issuedAt: Math.floor(Date.now() / 1000),
      expiresAt: 0,
      annotations: noAnnotations,
    });
    const signature = await wallet.signTypedData(claimDomain({ chainId, registry }), claimTypes, claim);
    const transaction = await contract.getFunction("submitClaim")(
      claim,
      [{ signer: wallet.address, signature }],
      "",
    );
    const receipt = await transaction.wait();
    if (receipt?.status !== 1) throw new Error(`${reference} was not recorded`);
  };

  let begin = performance.now();
  for (const reference of theirs) await naive(reference);
  const naiveEach = (performance.now() - begin) / theirs.length;
  provider.destroy();

  const asked = watch(connection.rpc);
  spent.signing = 0;
  begin = performance.now();
  const cpu = process.cpuUsage();
  const signing = new ImageSigning(connection, signer, organisation);
  const recorded: Promise<unknown>[] = [];
  for (const reference of ours) {
    const start = performance.now();
    const facts = await inspect(reference);
    spent.reading += performance.now() - start;
    recorded.push(
      signing.sign(facts).then(({ status }) => {
        if (status !== "signed") throw new Error(`${reference} is ${status}`);
      }),
    );
  }
  const readAfter = performance.now() - begin;
  await Promise.all(recorded);
  const each = (performance.now() - begin) / ours.length;
  const { user, system } = process.cpuUsage(cpu);
  connection.rpc.close();

  console.table({
    "naive loop": {
      images: theirs.length,
      "ms each": naiveEach.toFixed(2),
      "claims/s": (1000 / naiveEach).toFixed(0),
    },
    library: { images: ours.length, "ms each": each.toFixed(2), "claims/s": (1000 / each).toFixed(0) },
  });
  console.log(`ratio                                 ${(naiveEach / each).toFixed(1)} (target: at least 5)`);
  console.log("of the library's milliseconds for each image:");
  console.log(`  two signatures in this process      ${(spent.signing / ours.length).toFixed(2)}`);
  console.log(`  reading the layout (while others are recorded) ${(spent.reading / ours.length).toFixed(2)}`);
  console.log(`  until the last layout was read      ${(readAfter / ours.length).toFixed(2)}`);
  console.log(`  this process's CPU, all of it       ${((user + system) / 1000 / ours.length).toFixed(2)}`);
  for (const [method, { requests, calls, ms }] of [...asked].sort(([, a], [, b]) => b.ms - a.ms)) {
    const each = (ms / ours.length).toFixed(2);
    console.log(`  waiting for ${method.padEnd(26)} ${each} (${calls} calls in ${requests} requests)`);
  }
  process.exitCode = naiveEach / each >= 5 ? 0 : 1;
} finally {
  await stopEmbeddedChain({ directory: home.chain });
  await rm(directory, { recursive: true, force: true });
}
