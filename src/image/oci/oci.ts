import type { Digest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import {
  arrayMember,
  digestMember,
  JSON_LIMIT,
  type JsonObject,
  member,
  parseStrictJson,
  sizeMember,
  stringMember,
  toObject,
} from "../../json.ts";
import type { BlobFacts, BlobOptions, BlobRole, BlobStore } from "../blob.ts";
import {
  checkLayers,
  type Examination,
  type ImageConfig,
  missing,
  parseImageConfig,
} from "../examination.ts";

/** A descriptor (OCI image-spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly object: JsonObject;
}

const MANIFESTS_LIMIT = 1000;
const LAYER_LIMIT = 1000;
/** of all manifests together */
const ALL_LAYERS_LIMIT = 10_000;
const NESTING_LIMIT = 4;

export const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
const configTypes: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
const layerType = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./;

export function blobName(digest: Digest): string {
  return `blobs/sha256/${digest.slice(7)}`;
}

/** @throws IMAGE_UNREADABLE, IMAGE_UNSUPPORTED */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  const object = toObject(value, what);
  return {
    mediaType: stringMember(object, "mediaType", what) ?? "",
    digest: digestMember(object, "digest", what),
    size: sizeMember(object, "size", what),
    object,
  };
}

/** A string among the descriptor's annotations. */
export function annotation(descriptor: Descriptor, name: string): string | undefined {
  const annotations = member(descriptor.object, "annotations", "index");
  if (annotations === undefined || annotations === null) return undefined;
  const value = toObject(annotations, "index")[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/**
 * The descriptors of a layout's own table (OCI image-spec 1.1, image-layout.md).
 * @throws IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function readLayoutIndex(store: BlobStore, image: string): Promise<Descriptor[]> {
  const marker = await store.read("oci-layout");
  const table = await store.read("index.json");
  if (marker === undefined || table === undefined) {
    throw new DaoChainError(
      "IMAGE_UNREADABLE",
      `${image} is not an OCI layout: it has no ${marker === undefined ? "oci-layout" : "index.json"}.`,
      {
        hint: "An archive that docker save wrote is named docker-archive:FILE.",
      },
    );
  }
  const version = member(
    toObject(parse(marker, "oci-layout file"), "oci-layout file"),
    "imageLayoutVersion",
    "oci-layout file",
  );
  if (version !== "1.0.0") {
    throw new DaoChainError("IMAGE_UNSUPPORTED", `${image} is an OCI layout of a version other than 1.0.0.`);
  }
  const index = toObject(parse(table, "index.json"), "index.json");
  requireSchema2(index, "index.json");
  return arrayMember(index, "manifests", "index.json", MANIFESTS_LIMIT).map((value) =>
    parseDescriptor(value, "index.json"),
  );
}

/** How layers are read. */
export interface LayerReading extends BlobOptions {
  /** how many documents or layers at a time; 2 by default: one is hashed while the other is read from disk and unpacked */
  readonly parallel?: number;
}

/**
 * Examines the image that a descriptor points at: an index with all children that are there, or one manifest.
 * @param layers how to read the layers; undefined: not at all
 * @throws IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function examineDescriptor(
  store: BlobStore,
  descriptor: Descriptor,
  examination: Examination,
  layers: LayerReading | undefined,
): Promise<void> {
  const blob = await readDescribed(store, descriptor, "manifest");
  if (blob === undefined) {
    examination.corrupt(descriptor.digest, missing);
    return;
  }
  const isThere = await new Walk(store, examination, layers).examine(descriptor, blob, 0);
  if (!isThere) examination.corrupt(`config of ${descriptor.digest}`, missing);
}

class Walk {
  readonly #store: BlobStore;
  readonly #examination: Examination;
  readonly #layers: LayerReading | undefined;
  readonly #seen = new Set<Digest>();
  #listed = 0;
  #layersListed = 0;

  constructor(store: BlobStore, examination: Examination, layers: LayerReading | undefined) {
    this.#store = store;
    this.#examination = examination;
    this.#layers = layers;
  }

  /** @returns false for a manifest whose config is not in the store: of this image there is no more than its mention */
  async examine(descriptor: Descriptor, blob: BlobFacts, nesting: number): Promise<boolean> {
    if (this.#seen.has(descriptor.digest)) return true;
    this.#seen.add(descriptor.digest);
    if (indexTypes.includes(descriptor.mediaType)) return this.#examineIndex(descriptor, blob, nesting);
    if (manifestTypes.includes(descriptor.mediaType)) return this.#examineManifest(descriptor, blob);
    throw unsupportedType("manifest", descriptor.mediaType);
  }

  async #examineIndex(descriptor: Descriptor, blob: BlobFacts, nesting: number): Promise<boolean> {
    if (!this.#isWhole(descriptor, blob, "index")) return true;
    if (nesting >= NESTING_LIMIT)
      throw new DaoChainError("LIMIT_EXCEEDED", "The image's indexes are nested too deeply.");
    const index = toObject(parse(blob, "index"), "index");
    requireSchema2(index, "index");
    requireType(index, descriptor, "index", ["config", "layers", "fsLayers"]);
    this.#examination.add("index", descriptor.digest, "");

    const children = arrayMember(index, "manifests", "index", MANIFESTS_LIMIT)
      .map((value) => parseDescriptor(value, "index"))
      .filter((child) => !isAttestation(child));
    if (children.length === 0) {
      throw new DaoChainError(
        "IMAGE_UNSUPPORTED",
        `This is not a container image: the index ${descriptor.digest} lists none.`,
      );
    }
    // Each is asked for, and an index in an index lists as many again.
    this.#listed += children.length;
    if (this.#listed > MANIFESTS_LIMIT) throw tooMany("manifests", MANIFESTS_LIMIT);
    const blobs = await readInParallel(children, this.#layers?.parallel ?? 2, (child) =>
      readDescribed(this.#store, child, "manifest"),
    );
    let present = 0;
    for (const [at, child] of children.entries()) {
      // A layout may hold some platforms only; what is not here is not looked at.
      const found = blobs[at];
      if (found !== undefined && (await this.examine(child, found, nesting + 1))) present++;
    }
    if (present === 0) {
      throw new DaoChainError(
        "IMAGE_UNREADABLE",
        `None of the images that the index ${descriptor.digest} lists is there.`,
        { hint: "Copy the image with at least one of its platforms." },
      );
    }
    return true;
  }

  async #examineManifest(descriptor: Descriptor, blob: BlobFacts): Promise<boolean> {
    if (!this.#isWhole(descriptor, blob, "manifest")) return true;
    const manifest = toObject(parse(blob, "manifest"), "manifest");
    requireSchema2(manifest, "manifest");
    requireType(manifest, descriptor, "manifest", ["manifests", "fsLayers"]);
    const config = parseDescriptor(member(manifest, "config", "manifest"), "manifest");
    if (!configTypes.includes(config.mediaType)) throw unsupportedType("config", config.mediaType);
    const configBlob = await readDescribed(this.#store, config, "config");
    if (configBlob === undefined) return false;
    if (!this.#isWhole(config, configBlob, "config")) return true;
    const imageConfig = parseImageConfig(jsonBytes(configBlob, "config"));
    this.#examination.add("manifest", descriptor.digest, imageConfig.platform);
    this.#examination.add("config", config.digest, imageConfig.platform);

    const layers = arrayMember(manifest, "layers", "manifest", LAYER_LIMIT).map((value) =>
      parseDescriptor(value, "manifest"),
    );
    // A signature or an attestation may come with an image's config; no engine would unpack it.
    const foreign = layers.find(({ mediaType }) => !layerType.test(mediaType));
    if (foreign !== undefined) throw unsupportedType("layer", foreign.mediaType);
    this.#layersListed += layers.length;
    if (this.#layersListed > ALL_LAYERS_LIMIT) throw tooMany("layers", ALL_LAYERS_LIMIT);
    this.#examination.tell(
      imageConfig,
      layers.map(({ size }) => size),
    );
    if (layers.length !== imageConfig.diffIds.length) {
      checkLayers(
        this.#examination,
        layers.map(() => ({ at: "", blob: undefined })),
        imageConfig,
      );
    } else if (this.#layers !== undefined) {
      await this.#examineLayers(layers, imageConfig, this.#layers);
    }
    return true;
  }

  async #examineLayers(
    layers: readonly Descriptor[],
    config: ImageConfig,
    reading: LayerReading,
  ): Promise<void> {
    const found = await readInParallel(layers, reading.parallel ?? 2, ({ digest, size, mediaType }) =>
      this.#store.read(blobName(digest), size, { role: "layer", mediaType, options: reading }),
    );
    const intact = layers.map((layer, index) => {
      const at = `layer ${index + 1} of ${layers.length}, ${layer.digest}`;
      const blob = found[index];
      if (blob === undefined && /nondistributable|foreign/.test(layer.mediaType)) {
        throw new DaoChainError(
          "IMAGE_UNSUPPORTED",
          `The image's ${at} lies elsewhere: its maker does not let it be copied.`,
        );
      }
      return { at, blob, intact: blob === undefined || this.#isWhole(layer, blob, at) };
    });
    if (!intact.every((layer) => layer.intact)) return;
    if (reading.content) checkLayers(this.#examination, intact, config);
    else {
      for (const { at, blob } of intact) if (blob === undefined) this.#examination.corrupt(at, missing);
    }
    if (reading.tree) this.#examination.addTree(intact, config);
  }

  #isWhole(descriptor: Descriptor, blob: BlobFacts, at: string): boolean {
    if (blob.size !== descriptor.size) {
      const actual = blob.size > descriptor.size ? "more" : `${blob.size}`;
      this.#examination.corrupt(at, `it has ${actual} bytes, its descriptor says ${descriptor.size}`);
      return false;
    }
    if (blob.digest !== descriptor.digest) {
      this.#examination.corrupt(at, `its digest is ${blob.digest}, its descriptor says ${descriptor.digest}`);
      return false;
    }
    return true;
  }
}

function tooMany(what: string, limit: number): DaoChainError {
  return new DaoChainError("LIMIT_EXCEEDED", `The image has more than ${limit} ${what}.`);
}

/** BuildKit's provenance and the like: listed beside the images for no platform that could run. */
function isAttestation(child: Descriptor): boolean {
  if (annotation(child, "vnd.docker.reference.type") !== undefined) return true;
  const platform = member(child.object, "platform", "index");
  if (platform === undefined || platform === null) return false;
  const object = toObject(platform, "index");
  return member(object, "os", "index") === "unknown" && member(object, "architecture", "index") === "unknown";
}

async function readDescribed(
  store: BlobStore,
  descriptor: Descriptor,
  role: BlobRole["role"],
): Promise<BlobFacts | undefined> {
  if (descriptor.size > JSON_LIMIT) {
    throw new DaoChainError(
      "LIMIT_EXCEEDED",
      `The document ${descriptor.digest} is larger than ${JSON_LIMIT} bytes.`,
    );
  }
  return store.read(blobName(descriptor.digest), descriptor.size, { role, mediaType: descriptor.mediaType });
}

/** Several at a time, the results in order; at the first failure no more are begun. */
async function readInParallel<T>(
  items: readonly T[],
  parallel: number,
  read: (item: T) => Promise<BlobFacts | undefined>,
): Promise<(BlobFacts | undefined)[]> {
  const found: (BlobFacts | undefined)[] = [];
  const queue = items.entries();
  let isOver = false;
  const worker = async () => {
    for (const [index, item] of queue) {
      if (isOver) return;
      found[index] = await read(item).catch((error: unknown) => {
        isOver = true;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  return found;
}

function jsonBytes(blob: BlobFacts, what: string): Uint8Array {
  if (blob.bytes !== undefined) return blob.bytes;
  throw new DaoChainError(
    "IMAGE_UNREADABLE",
    `The image's ${what} is not JSON, or larger than ${JSON_LIMIT} bytes.`,
  );
}

function parse(blob: BlobFacts, what: string): unknown {
  return parseStrictJson(jsonBytes(blob, what), what);
}

function requireSchema2(object: JsonObject, what: string): void {
  if (member(object, "schemaVersion", what) === 2) return;
  throw new DaoChainError("IMAGE_UNSUPPORTED", `The image's ${what} is not of schema version 2.`, {
    hint: "Push and pull it with a Docker of this decade: schema 1 has no digest of the config.",
  });
}

/** One document must not be an index to one reader and a manifest to another (CVE-2021-41190). */
function requireType(
  object: JsonObject,
  descriptor: Descriptor,
  what: string,
  foreign: readonly string[],
): void {
  const own = stringMember(object, "mediaType", what);
  const wrong = foreign.find((name) => member(object, name, what) !== undefined);
  if ((own === undefined || own === descriptor.mediaType) && wrong === undefined) return;
  const why = wrong === undefined ? `it calls itself ${JSON.stringify(own)}` : `it has ${wrong}`;
  throw new DaoChainError(
    "IMAGE_UNREADABLE",
    `The image's ${what} is not of its descriptor's type ${descriptor.mediaType}: ${why}.`,
  );
}

function unsupportedType(what: string, mediaType: string): DaoChainError {
  return new DaoChainError(
    "IMAGE_UNSUPPORTED",
    `This is not a container image: its ${what} is ${JSON.stringify(mediaType)}.`,
    {
      hint: "DaoChain verifies images of schema 2 and OCI, not schema 1 and not other artifacts.",
    },
  );
}
