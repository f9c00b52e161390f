import { gunzipSync, gzipSync } from "node:zlib";
import type { Digest } from "../../../src/digest/digest.ts";
import {
  chooseSavedImage,
  examineSavedImage,
  readSavedImages,
} from "../../../src/image/archive/docker-archive.ts";
import { type BlobRole, type BlobStore, Budget } from "../../../src/image/blob.ts";
import { Examination } from "../../../src/image/examination.ts";
import type { ImageFacts } from "../../../src/image/image.ts";
import { chooseDescriptor } from "../../../src/image/oci/choose-image.ts";
import { examineDescriptor, readLayoutIndex } from "../../../src/image/oci/oci.ts";
import {
  json,
  legacyArchive,
  makeImage,
  modernArchive,
  ociLayout,
  put,
  putImage,
  putTable,
  sha256,
  types,
} from "../images.ts";
import { readBlob } from "../runtime-product.ts";
import { mutateBytes, mutateJson } from "./mutations.ts";
import type { Random } from "./random.ts";
import { type FuzzTarget, target, Violation } from "./target.ts";

type Blobs = Map<string, Buffer>;

interface Sample {
  readonly files: Blobs;
  /** what an inspection makes of it */
  readonly facts: ImageFacts;
}

interface Input {
  readonly files: Blobs;
  readonly sample: Sample;
}

type Examine = (store: BlobStore) => Promise<ImageFacts>;

class MemoryStore implements BlobStore {
  readonly #files: Blobs;
  readonly #budget = new Budget();

  constructor(files: Blobs) {
    this.#files = files;
  }

  async read(name: string, size = Number.POSITIVE_INFINITY, as?: BlobRole) {
    const bytes = this.#files.get(name);
    if (bytes === undefined) return undefined;
    return readBlob(bytes.subarray(0, size + 1), this.#budget, as?.options);
  }
}

async function examineLayout(store: BlobStore): Promise<ImageFacts> {
  const examination = new Examination();
  const descriptor = chooseDescriptor(await readLayoutIndex(store, "oci:x"), undefined, "oci:x");
  await examineDescriptor(store, descriptor, examination, { content: true, tree: true });
  return examination.facts("oci:x", "oci", { name: undefined, depth: "content", bytes: 0 });
}

async function examineSaved(store: BlobStore): Promise<ImageFacts> {
  const examination = new Examination();
  const { saved } = chooseSavedImage(
    await readSavedImages(store, "docker-archive:x"),
    {},
    "docker-archive:x",
  );
  await examineSavedImage(store, saved, examination);
  return examination.facts("docker-archive:x", "docker-archive", {
    name: undefined,
    depth: "content",
    bytes: 0,
  });
}

async function toSample(files: Map<string, Uint8Array | string>, examine: Examine): Promise<Sample> {
  const blobs = new Map([...files].map(([name, content]) => [name, Buffer.from(content)]));
  const facts = await examine(new MemoryStore(blobs));
  if (facts.corruptions.length > 0 || facts.subjects.length === 0) throw new Error("A sample is not whole.");
  return { files: blobs, facts };
}

const image = await makeImage();
const other = await makeImage({ architecture: "arm64", contents: ["third"] });

function severalPlatforms(): Map<string, Uint8Array | string> {
  const files = new Map<string, Uint8Array | string>();
  const children = [
    { ...putImage(files, image), platform: { os: "linux", architecture: "amd64" } },
    { ...putImage(files, other, { gzip: true }), platform: { os: "linux", architecture: "arm64" } },
    { ...put(files, types.manifest, json({ x: 1 })), platform: { os: "unknown", architecture: "unknown" } },
  ];
  const inner = put(
    files,
    types.index,
    json({ schemaVersion: 2, mediaType: types.index, manifests: children }),
  );
  return putTable(files, [put(files, types.index, json({ schemaVersion: 2, manifests: [inner] }))]);
}

/** Changes files; half of the time whoever did it put every digest right that follows from it. */
function mutateFiles({ files }: Sample, random: Random): Blobs {
  const changed = new Map(files);
  for (let left = random.below(4); left > 0; left--) {
    const names = [...changed.keys()];
    const name = random.pick(names);
    const content = changed.get(name) ?? Buffer.alloc(0);
    const samples = [content, changed.get(random.pick(names)) ?? content];
    const isJson = content[0] === 0x7b || content[0] === 0x5b;
    switch (random.below(10)) {
      case 0:
        changed.delete(name);
        break;
      case 1:
        changed.set(name, changed.get(random.pick(names)) ?? content);
        break;
      case 2:
        changed.set(name, gzipSync(content));
        break;
      default: {
        const made = isJson ? mutateJson(content, random, samples) : mutateBytes(content, random, samples);
        changed.set(name, made);
        if (random.chance(0.5)) rename(changed, name, sha256(content), sha256(made));
      }
    }
  }
  return changed;
}

/** Gives a changed blob the name that it ought to have, wherever it is named, and so on upwards. */
function rename(files: Blobs, name: string, from: Digest, to: Digest): void {
  for (let renames = [{ name, from, to }], hops = 0; renames.length > 0 && hops < 6; hops++) {
    const next: typeof renames = [];
    for (const one of renames) {
      const content = files.get(one.name);
      if (content === undefined || one.from === one.to) continue;
      const renamed = one.name.replace(one.from.slice(7), one.to.slice(7));
      files.delete(one.name);
      files.set(renamed, content);
      for (const [holder, bytes] of files) {
        if (holder === renamed || bytes.length > 100_000 || !bytes.includes(one.from.slice(7))) continue;
        const text = bytes.toString("latin1").replaceAll(one.from.slice(7), one.to.slice(7));
        // A descriptor has the size too, and it may stand on either side of the digest.
        const sized = text.replace(
          new RegExp(`("digest":"${one.to}","size":)[0-9]+`, "g"),
          (_whole, before: string) => `${before}${content.length}`,
        );
        const made = Buffer.from(sized, "latin1");
        files.set(holder, made);
        next.push({ name: holder, from: sha256(bytes), to: sha256(made) });
      }
    }
    renames = next;
  }
}

/** Facts must be about bytes that are there, and the original's facts about the original's bytes. */
function check({ files, sample }: Input, facts: ImageFacts): boolean {
  if (facts.corruptions.length > 0) {
    if (facts.subjects.length > 0) throw new Violation("What is corrupt has an identity.");
    return false;
  }
  const digests = new Set([...files.values()].map(sha256));
  for (const { kind, digest } of facts.subjects) {
    if (kind !== "runtime" && !digests.has(digest)) throw new Violation(`No file has the digest ${digest}.`);
    const was = sample.facts.subjects.find((subject) => subject.digest === digest);
    if (was !== undefined && was.kind !== kind) throw new Violation(`${digest} is of two kinds.`);
  }
  // A config that is claimed must stand for layers that are there.
  for (const { kind, digest } of facts.subjects) {
    if (kind !== "config") continue;
    const config = [...files.values()].find((bytes) => sha256(bytes) === digest)?.toString() ?? "{}";
    const { rootfs } = JSON.parse(config) as { rootfs?: { diff_ids?: Digest[] } };
    for (const id of rootfs?.diff_ids ?? []) {
      if (!digests.has(id) && !unpackedDigests(files).has(id))
        throw new Violation(`No layer unpacks to ${id}.`);
    }
  }
  return true;
}

function unpackedDigests(files: Blobs): Set<Digest> {
  const found = new Set<Digest>();
  for (const bytes of files.values()) {
    if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) continue;
    try {
      found.add(sha256(gunzipSync(bytes, { maxOutputLength: 1e7 })));
    } catch {
      // Damaged: it unpacks to nothing.
    }
  }
  return found;
}

function imageTarget(name: string, samples: readonly Sample[], examine: Examine): FuzzTarget {
  return target<Input>({
    name,
    make(random) {
      const sample = random.pick(samples);
      return { sample, files: mutateFiles(sample, random) };
    },
    run: async (input) => check(input, await examine(new MemoryStore(input.files))),
  });
}

const layouts = await Promise.all(
  [ociLayout(image), ociLayout(image, { gzip: true }), severalPlatforms()].map((files) =>
    toSample(files, examineLayout),
  ),
);
const saved = await Promise.all(
  [legacyArchive(image), modernArchive(image)].map((files) => toSample(files, examineSaved)),
);

export const imageTargets: readonly FuzzTarget[] = [
  imageTarget("OCI indexes and manifests", layouts, examineLayout),
  imageTarget("docker-archive tables", saved, examineSaved),
];
