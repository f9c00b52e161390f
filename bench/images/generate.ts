import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { packTar } from "modern-tar";
import type { Digest } from "../../src/digest/digest.ts";

/** What an image is to be like. */
export interface Plan {
  /** its name in engines and registries */
  readonly name: string;
  /** of all files, in bytes, about */
  readonly bytes: number;
  readonly files: number;
  readonly layers: number;
  /** images of another seed have other files */
  readonly seed: number;
}

/** An image as an OCI layout that is a directory of docker save's at the same time. */
export interface Generated {
  readonly plan: Plan;
  /** the layout's, with uncompressed layers, as docker save writes them */
  readonly directory: string;
  /** of all layers uncompressed */
  readonly bytes: number;
}

interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

const layerType = "application/vnd.oci.image.layer.v1.tar";
const manifestType = "application/vnd.oci.image.manifest.v1+json";
const poolSize = 8 * 1024 * 1024;

/** The same numbers in every run (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Words in an order that is not repeated, which compress as source and prose do. */
function textPool(next: () => number): Buffer {
  const letters = "etaoinshrdlucmfwypvbgkqjxz_";
  const words = Array.from({ length: 4000 }, () =>
    Array.from({ length: 2 + Math.floor(next() * 9) }, () => letters[Math.floor(next() ** 2 * 27)]).join(""),
  );
  const pool = Buffer.alloc(poolSize);
  for (let at = 0; at < poolSize; )
    at += pool.write(`${words[Math.floor(next() ** 3 * 4000)]}${next() < 0.1 ? "\n" : " "}`, at, "latin1");
  return pool;
}

function noisePool(next: () => number): Buffer {
  const pool = Buffer.alloc(poolSize);
  for (let at = 0; at < poolSize; at += 4) pool.writeUInt32LE(Math.floor(next() * 2 ** 32), at);
  return pool;
}

/** A length with the long tail that files have: many are small, a few hold most of the bytes. */
function logNormal(next: () => number, mean: number): number {
  const sigma = 1.7;
  const normal = Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
  return Math.floor(Math.exp(Math.log(mean) - sigma ** 2 / 2 + sigma * normal));
}

type Entry = Parameters<typeof packTar>[0][number];

function layerEntries(plan: Plan, layer: number, next: () => number, pools: readonly Buffer[]): Entry[] {
  const root = `opt/part${layer}`;
  const directory = (name: string): Entry => ({
    header: { name: `${name}/`, size: 0, type: "directory", mode: 0o755, mtime: new Date(0) },
  });
  const entries = [directory("opt"), directory(root)];
  const count = Math.round(plan.files / plan.layers);
  const sizes = Array.from({ length: count }, () => Math.min(poolSize, logNormal(next, 10_000)));
  const scale = plan.bytes / plan.layers / sizes.reduce((sum, size) => sum + size, 0);
  let here = root;
  for (const [index, unscaled] of sizes.entries()) {
    if (index % 25 === 0) {
      here = `${root}/package-${index / 25}`;
      entries.push(directory(here), directory(`${here}/lib`));
    }
    const name = `${here}/lib/module-${index}.bin`;
    const header = { name, mode: 0o644, mtime: new Date(1_700_000_000_000 + index * 1000) };
    if (index % 100 === 99) {
      const linkname = `module-${index - 1}.bin`;
      entries.push({ header: { ...header, size: 0, type: "symlink", linkname, mode: 0o777 } });
      continue;
    }
    const size = Math.min(poolSize, Math.floor(unscaled * scale));
    // Two thirds of the files are text.
    const pool = pools[next() < 2 / 3 ? 0 : 1] as Buffer;
    const start = Math.floor(next() * (poolSize - size));
    entries.push({
      header: { ...header, size, type: "file" },
      body: new Uint8Array(pool.buffer, start, size),
    });
  }
  return entries;
}

function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

async function put(directory: string, mediaType: string, bytes: Uint8Array): Promise<Descriptor> {
  const digest = sha256(bytes);
  await writeFile(join(directory, "blobs", "sha256", digest.slice(7)), bytes);
  return { mediaType, digest, size: bytes.length };
}

/** The documents around layers, and docker save's table beside them, so that every engine loads it. */
async function finish(
  directory: string,
  name: string,
  layers: readonly Descriptor[],
  diffIds: readonly Digest[],
): Promise<void> {
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));
  const path = ({ digest }: Descriptor) => `blobs/sha256/${digest.slice(7)}`;
  const config = await put(
    directory,
    "application/vnd.oci.image.config.v1+json",
    json({
      architecture: "amd64",
      os: "linux",
      config: { Cmd: ["/bin/true"], Env: ["PATH=/bin"], WorkingDir: "/" },
      rootfs: { type: "layers", diff_ids: diffIds },
    }),
  );
  const manifest = await put(
    directory,
    manifestType,
    json({ schemaVersion: 2, mediaType: manifestType, config, layers }),
  );
  const annotations = {
    "io.containerd.image.name": `docker.io/${name}`,
    "org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1),
  };
  await writeFile(join(directory, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
  await writeFile(
    join(directory, "index.json"),
    json({
      schemaVersion: 2,
      mediaType: "application/vnd.oci.image.index.v1+json",
      manifests: [{ ...manifest, annotations }],
    }),
  );
  await writeFile(
    join(directory, "manifest.json"),
    json([{ Config: path(config), RepoTags: [name], Layers: layers.map(path) }]),
  );
}

/** Writes an image as an OCI layout with uncompressed layers. */
export async function generate(directory: string, plan: Plan): Promise<Generated> {
  const next = random(plan.seed);
  const pools = [textPool(next), noisePool(next)];
  await mkdir(join(directory, "blobs", "sha256"), { recursive: true });
  const layers: Descriptor[] = [];
  for (let layer = 0; layer < plan.layers; layer++) {
    const tar = await packTar(layerEntries(plan, layer, next, pools));
    layers.push(await put(directory, layerType, tar));
  }
  await finish(
    directory,
    plan.name,
    layers,
    layers.map(({ digest }) => digest),
  );
  return { plan, directory, bytes: layers.reduce((sum, { size }) => sum + size, 0) };
}

/** The same image with gzip layers under another name, as registries hold it. */
export async function compress(image: Generated, directory: string, name: string): Promise<void> {
  const blobs = join(directory, "blobs", "sha256");
  await mkdir(blobs, { recursive: true });
  const { Layers } = JSON.parse(await readFile(join(image.directory, "manifest.json"), "utf8"))[0];
  const diffIds = Layers.map((path: string): Digest => `sha256:${path.slice(13)}`);
  const layers: Descriptor[] = [];
  for (const path of Layers) {
    const hash = createHash("sha256");
    const draft = join(blobs, "draft");
    await pipeline(
      createReadStream(join(image.directory, path), { highWaterMark: 1 << 20 }),
      createGzip({ chunkSize: 1 << 20 }),
      async function* (stream: AsyncIterable<Buffer>) {
        for await (const piece of stream) {
          hash.update(piece);
          yield piece;
        }
      },
      createWriteStream(draft),
    );
    const digest: Digest = `sha256:${hash.digest("hex")}`;
    await rename(draft, join(blobs, digest.slice(7)));
    const { size } = await stat(join(blobs, digest.slice(7)));
    layers.push({ mediaType: `${layerType}+gzip`, digest, size });
  }
  await finish(directory, name, layers, diffIds);
}
