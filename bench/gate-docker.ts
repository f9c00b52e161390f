/**
 * What the gate adds to `docker create`: requests to make a container, one after the other, at an engine that asks a gate and at one of the
 * same kind that does not, in turn. The containers are removed between, unmeasured. As root, with dockerd and busybox installed.
 *
 *     node bench/gate-docker.ts [RUNS] [classic|containerd]
 */
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { requireOrganisation } from "../src/contract/organisations.ts";
import { openImage } from "../src/image/open.ts";
import { connect } from "../src/network/connect.ts";
import { revokeDigests } from "../src/operations/revoke.ts";
import { signImage } from "../src/operations/sign.ts";
import { signerOf } from "../test/support/consortium.ts";
import { startEngine } from "../test/support/docker-engine.ts";
import { ask, GatedEngine } from "../test/support/docker-gate.ts";
import { OwnChain } from "../test/support/own-chain.ts";
import { makeRunnableImage } from "../test/support/runnable-image.ts";

const runs = Number(process.argv[2] ?? 500);
const store = process.argv[3] === "containerd" ? "containerd" : "classic";
const image = "acme/api:1";
const goal = 10;

const chain = await OwnChain.start();
const plain = await startEngine(store);
const gated = await GatedEngine.start(store, chain);
const connection = await connect(chain.home);

/** Milliseconds of one request that makes a container, and starts it where it is to. */
async function create(host: string): Promise<number> {
  const socket = host.slice("unix://".length);
  const body = { Image: image, Cmd: ["true"], HostConfig: { NetworkMode: "none" } };
  const start = performance.now();
  const { status, text } = await ask(socket, "POST", "/containers/create", body);
  const taken = performance.now() - start;
  if (status !== 201) throw new Error(`${host} answered ${status}: ${text}`);
  await ask(socket, "DELETE", `/containers/${JSON.parse(text).Id}`);
  return taken;
}

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;

try {
  const acme = await requireOrganisation(connection, "acme");
  for (const { host } of [plain, gated.engine]) makeRunnableImage(host, image, "bench");
  for (const { host } of [plain, gated.engine]) {
    const source = await openImage(`docker-daemon:${image}`, { docker: { host } });
    await signImage(connection, signerOf("acme"), acme, await source.inspect({ depth: "content" }));
    // A tag means one image: the gated engine's comes last.
    await sleep(1500);
  }
  await sleep(1500);
  const times = { without: [] as number[], with: [] as number[] };
  for (let run = -20; run < runs; run++) {
    const without = await create(plain.host);
    const own = await create(gated.engine.host);
    // The first few warm what is to be warm.
    if (run < 0) continue;
    times.without.push(without);
    times.with.push(own);
  }
  const decisions = gated
    .decisions()
    .slice(-runs)
    .map(({ milliseconds }) => Number(milliseconds));
  const line = (name: string, values: readonly number[]): void =>
    console.log(
      `${name.padEnd(24)} p50 ${percentile(values, 0.5).toFixed(2)} ms   p99 ${percentile(values, 0.99).toFixed(2)} ms`,
    );
  console.log(`${runs} containers made, ${store} store, Node ${process.version}`);
  line("create, without a gate", times.without);
  line("create, with the gate", times.with);
  line("the gate's decisions", decisions);
  const added = (share: number): number => percentile(times.with, share) - percentile(times.without, share);
  console.log(
    `added                    p50 ${added(0.5).toFixed(2)} ms   p99 ${added(0.99).toFixed(2)} ms   (goal: at most ${goal} ms at p99)`,
  );
  const own = await openImage(`docker-daemon:${image}`, { docker: { host: gated.engine.host } });
  const { subjects } = await own.inspect({ depth: "id" });
  const digests = subjects.map(({ digest }) => digest);
  await revokeDigests(connection, signerOf("acme"), acme, digests, "bench");
  const start = performance.now();
  while (
    await create(gated.engine.host).then(
      () => true,
      () => false,
    )
  );
  console.log(
    `revoked, then refused    ${Math.round(performance.now() - start)} ms   (goal: at most 2000 ms)`,
  );
  const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${gated.pid}/status`, "utf8"))?.[1];
  console.log(`the gate's memory        ${(Number(memory) / 1024).toFixed(0)} MB`);
} finally {
  connection.rpc.close();
  await gated[Symbol.asyncDispose]();
  await plain.stop();
  await chain[Symbol.asyncDispose]();
}
