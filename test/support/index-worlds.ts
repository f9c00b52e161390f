import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { Digest } from "../../src/digest/digest.ts";
import { type BlobStore, Budget } from "../../src/image/blob.ts";
import { Examination } from "../../src/image/examination.ts";
import type { ImageFacts, Subject } from "../../src/image/image.ts";
import { examineDescriptor, readLayoutIndex } from "../../src/image/oci/oci.ts";
import type { Random } from "./fuzz/random.ts";
import { type Files, json, makeImage, put, putTable, sha256, types } from "./images.ts";
import { readBlob } from "./runtime-product.ts";

/** One that an index lists, as it was made to be: nothing here is read back. */
export interface Child {
  readonly kind: ChildKind;
  readonly manifest: Digest;
  readonly config: Digest;
  /** what stands in its only file */
  readonly content: string;
}

/** An index, with all that it lists directly or through another index. */
export interface IndexWorld {
  readonly files: Files;
  readonly index: Digest;
  readonly children: readonly Child[];
}

/** Images of every platform that engines are asked for, and what may stand beside them. */
export const childKinds = [
  // Images, whatever is said of them.
  "image",
  "annotated image",
  "image with an artifact's type",
  // What some engine may run, though it is odd.
  "layers of another type",
  "layers of an image's type among others",
  "config of another type",
  "config of no type",
  "image listed as another type",
  "attestation that is an archive, too",
  "schema 1",
  "missing",
  "missing config",
  // What no engine could run.
  "attestation",
  "signature",
  "SBOM",
  "chart",
  "unknown type",
  "nothing but a document",
] as const;
export type ChildKind = (typeof childKinds)[number];

const isImage = (kind: ChildKind): boolean =>
  childKinds.indexOf(kind) <= childKinds.indexOf("image with an artifact's type");
const isArtifact = (kind: ChildKind): boolean =>
  childKinds.indexOf(kind) >= childKinds.indexOf("attestation");

/** Whether the bytes of a child of this kind can be looked at as those of an image. */
export const canBeSeen = isImage;
/** Whether some engine may take a child of this kind and run what is in it. */
export const mayRun = (kind: ChildKind): boolean => !isArtifact(kind);

export const platforms = [
  "linux/amd64",
  "linux/arm64",
  "linux/arm/v6",
  "linux/arm/v7",
  "linux/s390x",
  "unknown/unknown",
] as const;

const attestationType = "application/vnd.in-toto+json";
const dockerReference = { "vnd.docker.reference.type": "attestation-manifest" };

/** @param mostly kinds that are chosen more often than the others */
export async function makeIndexWorld(
  random: Random,
  mostly: readonly ChildKind[] = ["image"],
): Promise<IndexWorld> {
  const files: Files = new Map();
  const children: Child[] = [];
  const index = await putIndex(files, children, random, mostly, 0);
  return { files: putTable(files, [index]), index: index.digest, children };
}

async function putIndex(
  files: Files,
  children: Child[],
  random: Random,
  mostly: readonly ChildKind[],
  nesting: number,
): Promise<ReturnType<typeof put>> {
  const manifests: object[] = [];
  for (let left = 1 + random.below(5); left > 0; left--) {
    if (nesting < 2 && random.chance(0.12)) {
      const inner = await putIndex(files, children, random, mostly, nesting + 1);
      manifests.push({ ...inner, ...(random.chance(0.5) ? {} : { annotations: dockerReference }) });
      continue;
    }
    const kind = random.chance(0.6) ? random.pick(mostly) : random.pick(childKinds);
    const name = random.pick(platforms);
    const [os = "", architecture = "", variant] = name.split("/");
    const content = `${kind} ${sha256(Buffer.from(`${random.below(2 ** 31)}`)).slice(7, 23)}`;
    const { child, descriptor } = await putChild(files, kind, content, { os, architecture, variant });
    children.push(child);
    // What an index says of a platform need not be what the image is for, nor be said at all.
    const said = random.chance(0.1)
      ? undefined
      : { os, architecture, ...(variant === undefined ? {} : { variant }) };
    const isAnnotated = kind === "annotated image" || kind === "attestation" || random.chance(0.1);
    const listed = {
      ...descriptor,
      ...(said === undefined ? {} : { platform: said }),
      ...(isAnnotated ? { annotations: dockerReference } : {}),
    };
    manifests.push(listed);
    if (random.chance(0.1))
      manifests.push(
        random.chance(0.5) ? listed : { ...listed, platform: { os: "linux", architecture: "ppc64le" } },
      );
  }
  return put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
}

async function putChild(
  files: Files,
  kind: ChildKind,
  content: string,
  platform: { os: string; architecture: string; variant: string | undefined },
): Promise<{ child: Child; descriptor: ReturnType<typeof put> }> {
  const { os, architecture, variant } = platform;
  const made = await makeImage({
    contents: [content],
    architecture,
    ...(variant === undefined ? {} : { variant }),
  });
  const image = JSON.parse(Buffer.from(made.config).toString());
  const layer = gzipSync(made.layers[0] ?? new Uint8Array());
  const parts = partsOf(kind, { ...image, os }, layer, content);
  const config = put(files, parts.configType, parts.config);
  const layers = parts.layers.map(({ type, bytes }) => put(files, type, bytes));
  const manifest = json(
    parts.document ?? { schemaVersion: 2, mediaType: types.manifest, config, layers, ...parts.members },
  );
  const descriptor = put(files, parts.type, manifest);
  if (kind === "missing") files.delete(`blobs/sha256/${descriptor.digest.slice(7)}`);
  if (kind === "missing config") files.delete(`blobs/sha256/${config.digest.slice(7)}`);
  return { child: { kind, manifest: descriptor.digest, config: config.digest, content }, descriptor };
}

interface Parts {
  readonly type: string;
  readonly configType: string;
  readonly config: Buffer;
  readonly layers: readonly { readonly type: string; readonly bytes: Uint8Array }[];
  readonly members: object;
  /** in place of a manifest of the other parts */
  readonly document?: object;
}

function partsOf(kind: ChildKind, image: Record<string, unknown>, layer: Uint8Array, content: string): Parts {
  const usual: Parts = {
    type: types.manifest,
    configType: types.config,
    config: json(image),
    layers: [{ type: `${types.layer}+gzip`, bytes: layer }],
    members: {},
  };
  const statement = json({ _type: "https://in-toto.io/Statement/v0.1", subject: [{ name: content }] });
  const about = (bytes: Uint8Array): Buffer =>
    json({
      architecture: "unknown",
      os: "unknown",
      config: {},
      rootfs: { type: "layers", diff_ids: [sha256(bytes)] },
    });
  switch (kind) {
    case "image":
    case "annotated image":
    case "missing":
    case "missing config":
      return usual;
    case "image with an artifact's type":
      return { ...usual, members: { artifactType: "application/spdx+json" } };
    case "layers of another type":
      return { ...usual, layers: [{ type: attestationType, bytes: layer }] };
    case "layers of an image's type among others":
      return { ...usual, layers: [...usual.layers, { type: attestationType, bytes: statement }] };
    case "config of another type":
      return { ...usual, configType: "application/vnd.cncf.helm.config.v1+json" };
    case "config of no type":
      return { ...usual, configType: "application/octet-stream" };
    case "image listed as another type":
      return { ...usual, type: "application/vnd.acme.thing+json" };
    case "attestation that is an archive, too": {
      const both = documentAndArchive(content);
      return { ...usual, config: about(both), layers: [{ type: attestationType, bytes: both }] };
    }
    case "schema 1":
      return {
        ...usual,
        type: "application/vnd.docker.distribution.manifest.v1+prettyjws",
        document: {
          schemaVersion: 1,
          name: "acme/app",
          tag: content,
          fsLayers: [{ blobSum: sha256(layer) }],
          history: [{}],
        },
      };
    case "attestation":
      return { ...usual, config: about(statement), layers: [{ type: attestationType, bytes: statement }] };
    case "signature": {
      const payload = json({ critical: { identity: content } });
      const type = "application/vnd.dev.cosign.simplesigning.v1+json";
      return { ...usual, config: about(payload), layers: [{ type, bytes: payload }] };
    }
    case "SBOM":
      return {
        ...usual,
        configType: "application/vnd.oci.empty.v1+json",
        config: json({}),
        layers: [{ type: "application/spdx+json", bytes: json({ name: content }) }],
        members: { artifactType: "application/spdx+json" },
      };
    case "chart":
      return {
        ...usual,
        configType: "application/vnd.cncf.helm.config.v1+json",
        config: json({ name: content }),
        layers: [{ type: "application/vnd.cncf.helm.chart.content.v1.tar+gzip", bytes: layer }],
      };
    case "unknown type":
      return { ...usual, type: "application/vnd.acme.thing+json", document: { thing: content } };
    case "nothing but a document":
      return { ...usual, document: { schemaVersion: 2, mediaType: types.manifest, note: content } };
  }
}

/** Whether a claim of these names the index itself, or all that some engine might take of it. */
export function coveredBy(
  { index, children }: IndexWorld,
  { subjects }: ImageFacts,
  claimed: readonly Subject[],
): boolean {
  const names = (kind: Subject["kind"], digest: Digest): boolean =>
    claimed.some((one) => one.kind === kind && one.digest === digest);
  // What would run is known of the platform that a manifest stands beside.
  const runtimesOf = (manifest: Digest): Digest[] => {
    const at = subjects.findIndex(({ digest }) => digest === manifest);
    const next = subjects[at + 2];
    return at >= 0 && next?.kind === "runtime" ? [next.digest] : [];
  };
  return (
    names("index", index) ||
    children
      .filter(({ kind }) => mayRun(kind))
      .every(
        ({ manifest, config }) =>
          names("manifest", manifest) ||
          names("config", config) ||
          runtimesOf(manifest).some((digest) => names("runtime", digest)),
      )
  );
}

/** What the product finds in a world that is a layout in memory. */
export async function examineWorld(
  { files }: IndexWorld,
  depth: "manifest" | "content",
  thorough: boolean,
): Promise<ImageFacts> {
  const budget = new Budget();
  const store: BlobStore = {
    read: async (name, size = Number.POSITIVE_INFINITY, as) => {
      const bytes = files.get(name);
      if (bytes === undefined || typeof bytes === "string") return undefined;
      return readBlob(bytes.subarray(0, size + 1), budget, as?.options);
    },
  };
  const examination = new Examination();
  const [root] = await readLayoutIndex(store, "oci:x");
  if (root === undefined) throw new Error("The world has no index.");
  const layers = depth === "manifest" ? undefined : { content: thorough, tree: thorough };
  await examineDescriptor(store, root, examination, layers);
  const name = { repository: "docker.io/acme/api", tag: "1.0", carried: true };
  return examination.facts("oci:x", "oci", { name, depth, bytes: 0 });
}

/** What is JSON to whoever reads JSON and an archive with one file to whoever unpacks it: its first block is text and a header at once. */
export function documentAndArchive(content: string): Buffer {
  const header = Buffer.alloc(512, " ");
  header.write(`{"${"x".repeat(95)}":"`, 0, "latin1");
  header.write("0000644 0000000 0000000 00000001000 00000000000 ", 100, "latin1");
  header.write("0", 156, "latin1");
  header.write("        ", 148, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}  `, 148, "latin1");
  const body = Buffer.alloc(512, " ");
  body.write(`${createHash("sha256").update(content).digest("hex")}"}`, 0, "latin1");
  return Buffer.concat([header, body]);
}
