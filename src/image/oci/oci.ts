import { type DaoChainError, failure } from "../../errors.ts";
import { arrayMember, JSON_LIMIT, member, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { Value } from "../../messages/template.ts";
import { inParallel } from "../../parallel.ts";
import type { BlobFacts, BlobOptions, BlobStore } from "../blob.ts";
import {
  checkLayers,
  type Examination,
  type ImageConfig,
  missing,
  missingConfig,
  parseImageConfig,
} from "../examination.ts";
import { isUnreadable } from "../unreadable.ts";
import { type ReadDescribed, whyNoImage } from "./artifact.ts";
import {
  blobName,
  configTypes,
  type Descriptor,
  indexTypes,
  jsonBytes,
  layerType,
  manifestTypes,
  parse,
  parseDescriptor,
  readDescribed,
  requireSchema2,
  requireType,
  unsupportedType,
} from "./documents.ts";
import { mentionOf, tellListed } from "./listed.ts";

const MANIFESTS_LIMIT = 1000;
const LAYER_LIMIT = 1000;
/** of all manifests together */
const ALL_LAYERS_LIMIT = 10_000;
const NESTING_LIMIT = 4;

/**
 * The descriptors of a layout's own table (OCI image-spec 1.1, image-layout.md).
 * @throws what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED
 */
export async function readLayoutIndex(store: BlobStore, image: string): Promise<Descriptor[]> {
  const marker = await store.read("oci-layout");
  const table = await store.read("index.json");
  if (marker === undefined || table === undefined) {
    throw failure("LAYOUT_INCOMPLETE", { image, file: marker === undefined ? "oci-layout" : "index.json" });
  }
  const version = member(
    toObject(parse(marker, "oci-layout file"), "oci-layout file"),
    "imageLayoutVersion",
    "oci-layout file",
  );
  if (version !== "1.0.0") {
    throw failure("LAYOUT_VERSION_UNSUPPORTED", { image });
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
 * Examines the image that a descriptor points at: an index with all that it lists, or one manifest.
 * @param layers how to read the layers; undefined: not at all
 * @throws what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED
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
  await new Walk(store, examination, layers).examineRoot(descriptor, blob);
}

/** What was read of one that an index lists, or why it cannot be looked at. */
type Fetched = { readonly blob: BlobFacts } | { readonly why: Value };

class Walk {
  readonly #store: BlobStore;
  readonly #examination: Examination;
  readonly #layers: LayerReading | undefined;
  readonly #seen = new Set<string>();
  #listed = 0;
  #layersListed = 0;

  constructor(store: BlobStore, examination: Examination, layers: LayerReading | undefined) {
    this.#store = store;
    this.#examination = examination;
    this.#layers = layers;
  }

  async examineRoot(descriptor: Descriptor, blob: BlobFacts): Promise<void> {
    const { mediaType, digest } = descriptor;
    this.#isNew(descriptor);
    if (manifestTypes.includes(mediaType)) {
      if (!this.#isWhole(descriptor, blob, "manifest")) return;
      const isThere = await this.#examineManifest(descriptor, blob);
      if (!isThere) this.#examination.corrupt(`config of ${digest}`, missing);
      return;
    }
    if (!indexTypes.includes(mediaType)) throw unsupportedType("manifest", mediaType);
    if (!this.#isWhole(descriptor, blob, "index")) return;
    const listed = this.#examination.lookInto();
    await this.#examineIndex(descriptor, blob, 0);
    if (this.#examination.corruptions.length > 0 || listed.some(({ unseen }) => unseen === undefined)) return;
    if (listed.length === 0) {
      throw failure("NOT_A_CONTAINER_IMAGE", { reason: say("not-image-index", { digest }) });
    }
    const which = tellListed(listed.map((image) => ({ ...image, why: image.unseen })));
    throw failure("INDEX_IMAGES_UNSEEN", { digest, images: which });
  }

  /** Whether it has not been looked at yet. What is listed twice as two types may be two things. */
  #isNew({ digest, mediaType }: Descriptor): boolean {
    const key = `${digest} ${mediaType}`;
    return !this.#seen.has(key) && this.#seen.add(key).has(key);
  }

  async #examineIndex(descriptor: Descriptor, blob: BlobFacts, nesting: number): Promise<void> {
    if (nesting >= NESTING_LIMIT) throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-nesting") });
    const index = toObject(parse(blob, "index"), "index");
    requireSchema2(index, "index");
    requireType(index, descriptor, "index", ["config", "layers", "fsLayers"]);
    this.#examination.add("index", descriptor.digest, "");

    const children = arrayMember(index, "manifests", "index", MANIFESTS_LIMIT).map((value) =>
      parseDescriptor(value, "index"),
    );
    // Each is asked for, and an index in an index lists as many again.
    this.#listed += children.length;
    if (this.#listed > MANIFESTS_LIMIT) throw tooMany("manifests", MANIFESTS_LIMIT);
    const fetched = await inParallel(children, this.#layers?.parallel ?? 2, (child) => this.#fetch(child));
    for (const [at, child] of children.entries()) {
      const found = fetched[at];
      if (found === undefined || !this.#isNew(child)) continue;
      const why = "why" in found ? found.why : await this.#examineChild(child, found.blob, nesting);
      if (why !== undefined) this.#examination.cannotSee(mentionOf(child), why);
    }
  }

  async #fetch(child: Descriptor): Promise<Fetched> {
    if (child.size > JSON_LIMIT) return { why: say("part-too-large", { limit: JSON_LIMIT }) };
    try {
      const blob = await readDescribed(this.#store, child, "manifest");
      return blob === undefined ? { why: missing } : { blob };
    } catch (error) {
      return { why: whyUnseen(error) };
    }
  }

  /**
   * Looks at what an index lists: an image, another index, or what no engine could run.
   * @returns why it cannot be looked at
   */
  async #examineChild(child: Descriptor, blob: BlobFacts, nesting: number): Promise<Value | undefined> {
    const { mediaType } = child;
    try {
      if (indexTypes.includes(mediaType)) {
        if (this.#isWhole(child, blob, "index")) await this.#examineIndex(child, blob, nesting + 1);
        return undefined;
      }
      if (!this.#isWhole(child, blob, "manifest")) return undefined;
      const why = await whyNoImage(child, blob, this.#readChecked);
      if (why !== undefined) {
        this.#examination.passOver(mentionOf(child), why);
        return undefined;
      }
      if (!manifestTypes.includes(mediaType)) {
        return say("listed-as", { mediaType: JSON.stringify(mediaType.slice(0, 100)) });
      }
      const look = () => this.#examineManifest(child, blob);
      return (await this.#examination.list(mentionOf(child), look)) ? undefined : missingConfig;
    } catch (error) {
      return whyUnseen(error);
    }
  }

  /** Reads what may show that no engine could run a manifest. */
  readonly #readChecked: ReadDescribed = async (descriptor, role) => {
    const { digest, size, mediaType } = descriptor;
    const blob =
      role === "config"
        ? await readDescribed(this.#store, descriptor, role)
        : await this.#store.read(blobName(digest), size, { role, mediaType });
    if (blob !== undefined && !this.#isWhole(descriptor, blob, `${role} ${digest}`)) return undefined;
    return blob;
  };

  /** @returns false for a manifest whose config is not in the store: of this image there is no more than its mention */
  async #examineManifest(descriptor: Descriptor, blob: BlobFacts): Promise<boolean> {
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
    const found = await inParallel(layers, reading.parallel ?? 2, ({ digest, size, mediaType }) =>
      this.#store.read(blobName(digest), size, { role: "layer", mediaType, options: reading }),
    );
    const intact = layers.map((layer, index) => {
      const at = `layer ${index + 1} of ${layers.length}, ${layer.digest}`;
      const blob = found[index];
      if (blob === undefined && /nondistributable|foreign/.test(layer.mediaType)) {
        throw failure("LAYER_ELSEWHERE", { at });
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
      this.#examination.corrupt(at, say("bytes-differ", { found: actual, expected: descriptor.size }));
      return false;
    }
    if (blob.digest !== descriptor.digest) {
      this.#examination.corrupt(
        at,
        say("digest-differs", { found: blob.digest, expected: descriptor.digest }),
      );
      return false;
    }
    return true;
  }
}

/** @throws what is no word on the one image alone: that a registry cannot be asked, a limit, or an end that was called for */
function whyUnseen(error: unknown): string {
  if (!isUnreadable(error)) throw error;
  return `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`.replace(/\.$/, "");
}

function tooMany(what: string, limit: number): DaoChainError {
  return failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-count", { limit, what }) });
}
