import { type Digest, type DigestKind, isDigest } from "../digest/digest.ts";
import { failure } from "../errors.ts";
import { type JsonObject, member, parseStrictJson, stringMember, stringsMember, toObject } from "../json.ts";
import { type Message, say } from "../messages/message.ts";
import type { Value } from "../messages/template.ts";
import type { BlobFacts } from "./blob.ts";
import type {
  Corruption,
  Depth,
  ImageContents,
  ImageFacts,
  ImageName,
  InspectOptions,
  ListedImage,
  Subject,
  Transport,
} from "./image.ts";
import { tellListed } from "./oci/listed.ts";
import { runtimeDigest } from "./rootfs/canonical.ts";
import { canonicalConfiguration } from "./rootfs/configuration.ts";
import type { DifferenceKind } from "./rootfs/differences.ts";
import { type Flattened, flattenLayers } from "./rootfs/flatten.ts";

const LAYER_LIMIT = 1000;
/** Characters of what made a layer: it may be a whole script. */
const STEP_LIMIT = 1000;
/** What is said of a layer, blob or file that is mentioned and not there. */
export const missing = say("part-missing");
export const missingConfig = say("config-missing");

type Mention = Pick<ListedImage, "digest" | "platform">;

/** What an inspection has found so far. */
export class Examination {
  readonly corruptions: Corruption[] = [];
  /** what the layers of the platform asked for unpack to */
  tree: RuntimeTree | undefined;
  readonly #platform: string | undefined;
  readonly #onContents: InspectOptions["onContents"];
  readonly #notes: Message[] = [];
  readonly #subjects = new Map<string, Subject>();
  readonly #passedOver: (Mention & { readonly why: Value })[] = [];
  #listed: ListedImage[] | undefined;
  /** of the image of an index that is being looked at */
  #own: Subject[] | undefined;

  /** @param platform of which the tree is to be kept */
  constructor(platform?: string, { onContents }: Pick<InspectOptions, "onContents"> = {}) {
    this.#platform = platform;
    this.#onContents = onContents;
  }

  /** Tells whoever asked what an image is made of. @param sizes of its layers, as far as they are known */
  tell(config: ImageConfig, sizes: readonly (number | undefined)[]): void {
    this.#onContents?.(toContents(config, sizes));
  }

  corrupt(at: string, detail: Value, kind?: DifferenceKind): undefined {
    this.corruptions.push({ at, detail, ...(kind === undefined ? {} : { kind }) });
  }

  /** Once, however often it is found. */
  note(what: Message): void {
    if (!this.#notes.some((note) => `${note}` === `${what}`)) this.#notes.push(what);
  }

  /**
   * States the runtime digest of a platform from its layers, or notes why there is none.
   * @param layers in order, all of them what the config says
   */
  addTree(layers: readonly LayerFacts[], config: ImageConfig): void {
    if (this.corruptions.length > 0) return;
    const trees = layers.map(({ blob }) => blob?.tree).filter((tree) => tree !== undefined);
    if (trees.length !== config.diffIds.length) return;
    const { platform, configuration } = config;
    if (!platform.startsWith("linux/")) {
      this.note(say("no-runtime-not-linux", { platform }));
      return;
    }
    const tree = { ...flattenLayers(trees), platform, configuration };
    const why = whyNoRuntime(tree);
    if (why !== undefined) this.note(say("no-runtime", { platform, reason: why }));
    else this.add("runtime", runtimeDigest(configuration, tree.root), platform);
    if (platform === this.#platform) this.tree = tree;
  }

  add(kind: DigestKind, digest: Digest, platform: string): void {
    const subject = { kind, digest, platform };
    if (this.#own === undefined || kind === "index") this.#subjects.set(`${kind} ${digest}`, subject);
    else this.#own.push(subject);
  }

  /** The image is an index. @returns the images that it lists, as they come to be known */
  lookInto(): readonly ListedImage[] {
    this.#listed ??= [];
    return this.#listed;
  }

  /**
   * Looks at an image that the index lists. What is found of it is forgotten where that fails.
   * @param look whether there is more of it than its mention
   * @throws what `look` throws
   */
  async list(image: Mention, look: () => Promise<boolean>): Promise<boolean> {
    const subjects: Subject[] = [];
    this.#own = subjects;
    try {
      if (!(await look())) return false;
    } finally {
      this.#own = undefined;
    }
    for (const subject of subjects) this.add(subject.kind, subject.digest, subject.platform);
    this.#listed?.push({ ...image, subjects });
    return true;
  }

  /** An image that the index lists cannot be looked at. */
  cannotSee(image: Mention, unseen: Value): void {
    this.#listed?.push({ ...image, subjects: [], unseen });
  }

  /** The index lists what no engine could run. */
  passOver(what: Mention, why: Value): void {
    this.#passedOver.push({ ...what, why });
  }

  /**
   * Of the images that the index lists, an engine has given those that it holds: it can run none that is missing.
   * @param isHeld whether the engine says that it holds one all the same
   */
  lieElsewhere(isHeld: (digest: Digest) => boolean): void {
    this.#listed = this.#listed?.map((image) => {
      const isMissing = image.unseen === missing || image.unseen === missingConfig;
      return isMissing && !isHeld(image.digest) ? { ...image, isElsewhere: true } : image;
    });
  }

  /** The images of an index are known otherwise than by looking into it. */
  listAs(listed: readonly ListedImage[]): void {
    this.#listed = [...listed];
  }

  /** Facts fit to be signed or verified only if nothing is corrupt: otherwise no identity is stated. */
  facts(
    image: string,
    transport: Transport,
    found: {
      readonly name: ImageName | undefined;
      readonly otherNames?: readonly ImageName[];
      readonly depth: Depth;
      readonly bytes: number;
      readonly layers?: ImageFacts["layers"];
      readonly id?: Digest | undefined;
    },
  ): ImageFacts {
    const subjects = this.corruptions.length === 0 ? [...this.#subjects.values()] : [];
    if (subjects.length === 0 && this.corruptions.length === 0) {
      throw failure("IMAGE_EMPTY", { image });
    }
    return {
      image,
      transport,
      name: found.name,
      ...(found.otherNames === undefined || found.otherNames.length === 0
        ? {}
        : { otherNames: found.otherNames }),
      depth: found.depth,
      layers: found.layers ?? (found.depth === "content" || found.depth === "runtime" ? "config" : "unread"),
      subjects,
      ...(this.#listed === undefined || subjects.length === 0 ? {} : { listed: this.#listed }),
      corruptions: this.corruptions,
      notes: [
        ...(this.#passedOver.length === 0
          ? []
          : [say("passed-over", { images: tellListed(this.#passedOver) })]),
        ...this.#notes,
      ],
      bytes: found.bytes,
      ...(found.id === undefined ? {} : { id: found.id }),
    };
  }
}

/** What an image config says that matters here (OCI image-spec 1.1, config.md). */
export interface ImageConfig {
  /** os/architecture[/variant] */
  readonly platform: string;
  readonly diffIds: readonly Digest[];
  /** what a container gets from it, in canonical form */
  readonly configuration: string;
  readonly document: JsonObject;
}

/** What a config says of how its image was made: told to people only, so that what is ill formed is left out. */
function toContents(
  { platform, diffIds, document }: ImageConfig,
  sizes: readonly (number | undefined)[],
): ImageContents {
  const { created, history } = document;
  const steps = (Array.isArray(history) ? history : []).filter(
    (step: unknown): step is JsonObject =>
      typeof step === "object" && step !== null && (step as JsonObject)["empty_layer"] !== true,
  );
  // Only where the numbers agree is it known which step made which layer.
  const isKnown = steps.length === diffIds.length;
  return {
    platform,
    created: typeof created === "string" ? created.slice(0, 100) : undefined,
    layers: diffIds.map((diffId, at) => {
      const by = isKnown ? steps[at]?.["created_by"] : undefined;
      return {
        diffId,
        size: sizes[at],
        createdBy: typeof by === "string" && by !== "" ? by.slice(0, STEP_LIMIT) : undefined,
      };
    }),
  };
}

/** @throws what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED */
export function parseImageConfig(bytes: Uint8Array): ImageConfig {
  const config = toObject(parseStrictJson(bytes, "config"), "config");
  const architecture = stringMember(config, "architecture", "config");
  const os = stringMember(config, "os", "config");
  const variant = stringMember(config, "variant", "config");
  const rootfs = toObject(member(config, "rootfs", "config") ?? {}, "config");
  if (architecture === undefined || os === undefined || stringMember(rootfs, "type", "config") !== "layers") {
    throw failure("NOT_A_CONTAINER_IMAGE", { reason: say("not-image-config") });
  }
  const diffIds = stringsMember(rootfs, "diff_ids", "config", LAYER_LIMIT).map((id) => {
    if (isDigest(id)) return id;
    throw failure("LAYER_DIGEST_UNSUPPORTED");
  });
  const configuration = canonicalConfiguration(toObject(member(config, "config", "config") ?? {}, "config"));
  return { platform: formatPlatform(os, architecture, variant), diffIds, configuration, document: config };
}

/**
 * `os/architecture[/variant]`
 * @throws PLATFORM_UNKNOWN for names that no platform has
 */
export function formatPlatform(os: string, architecture: string, variant: string | undefined): string {
  const platform = [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");
  if (/^[a-z0-9_.-]{1,32}(?:\/[a-z0-9_.-]{1,32}){1,2}$/i.test(platform)) return platform;
  throw failure("PLATFORM_UNKNOWN", { platform: JSON.stringify(platform.slice(0, 100)) });
}

/** One layer as an image's manifest lists it, with what reading it has shown. */
export interface LayerFacts {
  readonly at: string;
  readonly blob: BlobFacts | undefined;
}

/**
 * Compares layers with the digests of their uncompressed bytes in the config, in order and in number.
 * @throws LAYER_COMPRESSION_UNSUPPORTED for a compression that is not read
 */
export function checkLayers(
  examination: Examination,
  layers: readonly LayerFacts[],
  config: ImageConfig,
): void {
  if (layers.length !== config.diffIds.length) {
    examination.corrupt(
      "config",
      say("layers-differ", { count: config.diffIds.length, other: layers.length }),
    );
    return;
  }
  for (const [index, { at, blob }] of layers.entries()) {
    const expected = config.diffIds[index];
    if (blob === undefined) examination.corrupt(at, missing);
    else if (blob.compression === "unsupported") {
      throw failure("LAYER_COMPRESSION_UNSUPPORTED", { at });
    } else if (blob.content === undefined)
      examination.corrupt(at, say("data-damaged", { compression: blob.compression }));
    else if (blob.content !== expected)
      examination.corrupt(at, say("content-differs", { found: blob.content, expected: expected ?? "" }));
  }
}

/** What a container from an image would run, as its layers say. */
export interface RuntimeTree extends Flattened {
  readonly platform: string;
  readonly configuration: string;
}

function whyNoRuntime({ doubts, loose }: Flattened): Message | undefined {
  const [first] = doubts;
  if (first !== undefined) {
    return doubts.length === 1
      ? say("unpacked-differently", { reason: first })
      : say("unpacked-differently-more", { reason: first, count: doubts.length - 1 });
  }
  return loose > 0 ? say("layers-loose", { count: loose }) : undefined;
}
