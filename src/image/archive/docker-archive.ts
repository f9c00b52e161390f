import type { Digest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import { type JsonObject, parseStrictJson, stringMember, stringsMember, toObject } from "../../json.ts";
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
 * @throws IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, LIMIT_EXCEEDED
 */
export async function readSavedImages(store: BlobStore, image: string): Promise<SavedImage[]> {
  const table = await store.read("manifest.json");
  if (table?.bytes === undefined) {
    throw new DaoChainError(
      "IMAGE_UNREADABLE",
      `${image} is not an archive of docker save: it has no manifest.json.`,
      {
        hint: "An OCI layout in one file is named oci-archive:FILE; archives older than Docker 1.10 must be loaded and saved again.",
      },
    );
  }
  const list = parseStrictJson(table.bytes, what);
  if (!Array.isArray(list))
    throw new DaoChainError("IMAGE_UNREADABLE", `${image} has a manifest.json that is not a list.`);
  if (list.length > IMAGES_LIMIT) {
    throw new DaoChainError("LIMIT_EXCEEDED", `${image} lists more than ${IMAGES_LIMIT} images.`);
  }
  const images = new Map<string, SavedImage>();
  for (const [place, item] of list.entries()) {
    const listed = await toSavedImage(store, toObject(item, what), place);
    const key = listed.digest ?? listed.config;
    const earlier = images.get(key);
    if (earlier !== undefined && earlier.layers.join("\n") !== listed.layers.join("\n")) {
      throw new DaoChainError(
        "IMAGE_UNREADABLE",
        `${image} is refused: its manifest.json lists one image twice, with different layers.`,
      );
    }
    images.set(key, {
      ...listed,
      names: [...(earlier?.names ?? []), ...listed.names],
      places: [...(earlier?.places ?? []), place],
    });
  }
  return [...images.values()];
}

async function toSavedImage(store: BlobStore, object: JsonObject, place: number): Promise<SavedImage> {
  const config = stringMember(object, "Config", what);
  if (config === undefined)
    throw new DaoChainError("IMAGE_UNREADABLE", "The archive lists an image without a config.");
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
  const hint =
    held.length > 0
      ? `It holds ${held.join(", ")}.`
      : "Its images carry no names: choose one by its place, such as docker-archive:FILE:@0.";
  if (saved === undefined)
    throw new DaoChainError("IMAGE_NOT_FOUND", `There is no such image in ${image}.`, { hint });
  if (others.length > 0) {
    throw new DaoChainError("REFERENCE_INVALID", `${image} could be any of ${matching.length} images.`, {
      hint,
    });
  }
  return {
    saved,
    name: saved.names.find((name) => named !== undefined && isSameName(name, named)) ?? saved.names[0],
  };
}

/**
 * Examines a saved image: its config, and its layers against it.
 * @returns the config's digest, undefined where the config is corrupt
 * @throws IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, LIMIT_EXCEEDED
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
    return examination.corrupt(`config ${saved.config}`, `its digest is ${config.digest}`);
  }
  if (config.bytes === undefined)
    throw new DaoChainError("IMAGE_UNREADABLE", "The image's config is not JSON.");
  const imageConfig = parseImageConfig(config.bytes);
  examination.add("config", config.digest, imageConfig.platform);

  const layers: { at: string; blob: BlobFacts | undefined }[] = [];
  for (const [index, name] of saved.layers.entries()) {
    const at = `layer ${index + 1} of ${saved.layers.length}, ${name}`;
    const blob = await store.read(name);
    const digest = /^blobs\/sha256\/([0-9a-f]{64})$/.exec(name)?.[1];
    if (blob !== undefined && digest !== undefined && blob.digest !== `sha256:${digest}`) {
      examination.corrupt(at, `its digest is ${blob.digest}`);
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
