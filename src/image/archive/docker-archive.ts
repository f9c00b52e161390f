import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import {
  JSON_LIMIT,
  type JsonObject,
  parseStrictJson,
  stringMember,
  stringsMember,
  toObject,
} from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { BlobFacts, BlobStore } from "../blob.ts";
import { checkLayers, type Examination, missing, parseImageConfig } from "../examination.ts";
import type { ImageName } from "../image.ts";
import { carriedName, formatImageName, isSameName, type NamedReference } from "../reference.ts";

const IMAGES_LIMIT = 1000;
const LAYER_LIMIT = 1000;
const TAG_LIMIT = 10_000;
const what = "manifest.json";

/** One image of an archive as `docker save` writes it. */
export interface SavedImage {
  readonly config: string;
  /** the config's; undefined where it is not there */
  readonly digest: Digest | undefined;
  readonly layers: readonly string[];
  readonly names: readonly ImageName[];
  /** where it stands in the list, from 0 */
  readonly places: readonly number[];
}

/**
 * The images that an archive lists in its manifest.json (Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
 * One that stands there twice is given once, with the names of both.
 * @param image the reference as typed, for messages
 * @throws what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED
 */
export async function readSavedImages(store: BlobStore, image: string): Promise<SavedImage[]> {
  const table = await store.read("manifest.json");
  if (table?.bytes === undefined) {
    throw failure("ARCHIVE_NOT_OF_DOCKER", { image });
  }
  const list = parseStrictJson(table.bytes, what);
  if (!Array.isArray(list))
    throw failure("ARCHIVE_TABLE_INVALID", { image, reason: say("table-not-a-list") });
  if (list.length > IMAGES_LIMIT) {
    throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-archive-images", { limit: IMAGES_LIMIT }) });
  }
  const images = new Map<string, SavedImage>();
  for (const [place, item] of list.entries()) {
    const listed = await toSavedImage(store, image, toObject(item, what), place);
    const key = listed.digest ?? listed.config;
    const earlier = images.get(key);
    if (earlier !== undefined && earlier.layers.join("\n") !== listed.layers.join("\n")) {
      throw failure("ARCHIVE_TABLE_INVALID", { image, reason: say("table-image-twice") });
    }
    images.set(key, {
      ...listed,
      names: [...(earlier?.names ?? []), ...listed.names],
      places: [...(earlier?.places ?? []), place],
    });
  }
  return [...images.values()];
}

async function toSavedImage(
  store: BlobStore,
  image: string,
  object: JsonObject,
  place: number,
): Promise<SavedImage> {
  const config = stringMember(object, "Config", what);
  if (config === undefined)
    throw failure("ARCHIVE_TABLE_INVALID", { image, reason: say("table-without-config") });
  return {
    config,
    digest: (await store.read(config))?.digest,
    layers: stringsMember(object, "Layers", what, LAYER_LIMIT),
    names: stringsMember(object, "RepoTags", what, TAG_LIMIT)
      .map(carriedName)
      .filter((name) => name !== undefined),
    places: [place],
  };
}

/**
 * The image that a reference chooses, by a name or by its place in manifest.json, or the archive's only one.
 * @throws REFERENCE_INVALID where several could be meant, IMAGE_NOT_FOUND where none is
 */
export function chooseSavedImage(
  images: readonly SavedImage[],
  chosen: { readonly named?: NamedReference | undefined; readonly place?: number | undefined },
  image: string,
): { saved: SavedImage; name: ImageName | undefined } {
  const { named, place } = chosen;
  const matching = images.filter(
    ({ names, places }) =>
      (place === undefined || places.includes(place)) &&
      (named === undefined || names.some((name) => isSameName(name, named))),
  );
  const [saved, ...others] = matching;
  const held = images.flatMap(({ names }) => names.map(formatImageName)).slice(0, 20);
  const advice =
    held.length > 0 ? say("advice-held", { names: held.join(", ") }) : say("advice-held-nameless");
  if (saved === undefined)
    throw failure("IMAGE_NOT_FOUND", { place: say("archive-named"), image }, { advice });
  if (others.length > 0) {
    throw failure("IMAGE_AMBIGUOUS", { image, count: matching.length }, { advice });
  }
  return {
    saved,
    name: saved.names.find((name) => named !== undefined && isSameName(name, named)) ?? saved.names[0],
  };
}

/**
 * Examines a saved image: its config, and its layers against it.
 * @returns the config's digest, undefined where the config is corrupt
 * @throws what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED
 */
export async function examineSavedImage(
  store: BlobStore,
  saved: SavedImage,
  examination: Examination,
): Promise<Digest | undefined> {
  const config = await store.read(saved.config);
  if (config === undefined) return examination.corrupt(`config ${saved.config}`, missing);
  const named = /(?:^|\/)([0-9a-f]{64})(?:\.json)?$/.exec(saved.config)?.[1];
  if (named !== undefined && config.digest !== `sha256:${named}`) {
    return examination.corrupt(`config ${saved.config}`, say("digest-is", { found: config.digest }));
  }
  if (config.bytes === undefined)
    throw failure("IMAGE_DOCUMENT_NOT_JSON", { what: "config", limit: JSON_LIMIT });
  const imageConfig = parseImageConfig(config.bytes);
  examination.add("config", config.digest, imageConfig.platform);

  const layers: { at: string; blob: BlobFacts | undefined }[] = [];
  for (const [index, name] of saved.layers.entries()) {
    const at = `layer ${index + 1} of ${saved.layers.length}, ${name}`;
    const blob = await store.read(name);
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (blob !== undefined && digest !== undefined && blob.digest !== `sha256:${digest}`) {
      examination.corrupt(at, say("digest-is", { found: blob.digest }));
    } else layers.push({ at, blob });
  }
  examination.tell(
    imageConfig,
    layers.map(({ blob }) => blob?.size),
  );
  if (layers.length !== saved.layers.length) return config.digest;
  checkLayers(examination, layers, imageConfig);
  examination.addTree(layers, imageConfig);
  return config.digest;
}
