/**
 * What the image browser's models do with 2,000 local images, without anything that draws them: how long the thread keeps a person waiting during
 * the first pass, and how long that takes beside `daochain verify --depth id` of the same list, on the same engine and embedded chain. The engine is
 * the one that DOCKER_HOST names, else one of our own (as root, with dockerd installed).
 *
 *     node bench/tui-models.ts [IMAGES]     (npm run build first)
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createBrowser } from "../cli/browser/models/browser.ts";
import { createContext } from "../cli/context.ts";
import {
  bootstrap,
  changeSettings,
  connect,
  homeAt,
  type ImageFacts,
  openImage,
  privateKeySigner,
  removeImage,
  requireOrganisation,
  type Signer,
  signImages,
  startEmbeddedChain,
  stopEmbeddedChain,
} from "../src/internal.ts";
import { startEngine } from "../test/support/docker-engine.ts";
import { json, sha256, tar } from "../test/support/images.ts";

const count = Number(process.argv[2] ?? 2000);
/** One image of so many is signed. */
const signedOf = 10;
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const home = homeAt(await mkdtemp(join(tmpdir(), "daochain-bench-")));
const given = process.env["DOCKER_HOST"];
const engine = given ? undefined : await startEngine("classic");
const host = given || engine?.host || "";
const env = { ...process.env, HOME: home.directory, DAOCHAIN_HOME: home.directory, DOCKER_HOST: host };
const names = Array.from({ length: count }, (_, i) => `daochain-bench/tui-${i % 50}:${process.pid}.${i}`);

/** Loads all images at once: one layer for all, and a label of its own for each. */
async function loadImages(): Promise<void> {
  const layer = await tar(new Map([["hello", Buffer.from("hello\n")]]));
  const files = new Map([["layer.tar", layer]]);
  const table = names.map((name) => {
    const rootfs = { type: "layers", diff_ids: [sha256(layer)] };
    const created = new Date(1.7e12).toISOString();
    const config = json({
      architecture: "amd64",
      os: "linux",
      created,
      config: { Labels: { name } },
      rootfs,
    });
    const path = `${sha256(config).slice(7)}.json`;
    files.set(path, config);
    return { Config: path, RepoTags: [name], Layers: ["layer.tar"] };
  });
  files.set("manifest.json", json(table));
  const { status, stderr } = spawnSync("docker", ["--host", host, "load", "--quiet"], {
    input: Buffer.from(await tar(files)),
    encoding: "utf8",
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`docker load ended with ${status}\n${stderr}`);
}

/** A few at a time. */
async function each<T>(items: readonly T[], task: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const work = async (): Promise<void> => {
    for (let item = items[next++]; item !== undefined; item = items[next++]) await task(item);
  };
  await Promise.all(Array.from({ length: 4 }, work));
}

async function sign(signer: Signer): Promise<void> {
  const connection = await connect(home);
  const organisation = await requireOrganisation(connection, "bench");
  const facts: ImageFacts[] = [];
  await each(
    names.filter((_, i) => i % signedOf === 0),
    async (name) => {
      const source = await openImage(`docker-daemon:${name}`, { docker: { host } });
      facts.push(await source.inspect({ depth: "id" }));
    },
  );
  for (const result of await signImages(connection, signer, organisation, facts)) {
    if (result.status === "rejected") throw result.reason;
  }
  connection.rpc.close();
}

/** @returns milliseconds until every image has its verdict, and those that are verified */
async function browse(): Promise<{ took: number; verified: number }> {
  const context = await createContext(
    { home: home.directory },
    { signal: new AbortController().signal, language: "en" },
  );
  const browser = createBrowser({ ...context, env });
  const { images } = browser;
  const isDone = (): boolean =>
    images.rows.length >= count && images.rows.every(({ verdict }) => verdict !== undefined);
  const start = performance.now();
  browser.start();
  await new Promise<void>((resolve) => {
    images.subscribe(() => {
      // What a page does: it says what is in view, and reads that.
      images.look(images.rows.slice(0, 40).map(({ key }) => key));
      if (isDone()) resolve();
    });
  });
  const took = performance.now() - start;
  const verified = images.rows.filter(({ verdict }) => verdict?.status === "verified").length;
  await browser.close();
  return { took, verified };
}

/** How late timers of one millisecond come while something is done. */
async function delayOf<T>(task: () => Promise<T>): Promise<{ result: T; delay: string }> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  histogram.enable();
  const result = await task();
  histogram.disable();
  const [p50, p99, max] = [histogram.percentile(50), histogram.percentile(99), histogram.max].map(
    (nanoseconds) => `${(nanoseconds / 1e6).toFixed(1)} ms`,
  );
  return { result, delay: `p50 ${p50}, p99 ${p99}, max ${max}` };
}

try {
  console.log(`making ${count} images...`);
  await loadImages();
  const chain = await startEmbeddedChain({ directory: home.chain, port: 0 });
  const signer = privateKeySigner(`0x${"42".repeat(32)}`);
  await bootstrap(home, chain.url, { organisation: "bench", unlock: async () => signer });
  await changeSettings(home, { organisation: "bench" });
  await sign(signer);

  const idle = await delayOf(() => sleep(5000));
  const pass = await delayOf(browse);
  const { took, verified } = pass.result;

  const list = join(home.directory, "list");
  await writeFile(list, names.join("\n"));
  const start = performance.now();
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [cli, "verify", "--depth", "id", "--quiet", "--file", list],
    { env, encoding: "utf8", maxBuffer: 1 << 26 },
  );
  const alone = performance.now() - start;
  const same = stdout.split("\n").filter((line) => line.startsWith("verified ")).length;
  if (same !== verified) throw new Error(`${verified} are verified, but verify says ${same}\n${stderr}`);

  console.log(`Node ${process.version}, ${count} images, ${verified} of them verified`);
  console.log(`event loop's delay during the first pass: ${pass.delay}`);
  console.log(`event loop's delay of a process that waits: ${idle.delay}`);
  console.log(
    `all verdicts: ${(took / 1000).toFixed(1)} s, ${(took / alone).toFixed(2)} times daochain verify --depth id`,
  );
} finally {
  await stopEmbeddedChain({ directory: home.chain });
  if (engine === undefined)
    await each(names, (name) => removeImage(name, { docker: { host } }).catch(() => {}));
  else await engine.stop();
  await rm(home.directory, { recursive: true, force: true });
}
