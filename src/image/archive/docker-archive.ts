import type { Digest } from "../../digest/digest.ts";
import { DaoChainError } from "../../errors.ts";
import { type JsonObject, parseStrictJson, stringMember, stringsMember, toObject } from "../../json.ts";
import type { BlobFacts, BlobStore } from "../blob.ts";
import { checkLayers, type Examination, missing, parseImageConfig } from "../examination.ts";
import { formatNamedReference, type NamedReference, tryNamedReference } from "../reference.ts";

const IMAGES_LIMIT = 1000;
const LAYER_LIMIT = 1000;
const TAG_LIMIT = 10_000;
const what = "manifest.json";

/** One image of an archive as `docker save` writes it. */
export interface SavedImage {
  readonly config: string;
  readonly layers: readonly string[];
  readonly names: readonly NamedReference[];
}

/**
 * The images that an archive lists in its manifest.json (Docker Image Specification 1.2, "Combined Image JSON + Filesystem Changeset Format").
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
  return list.map((item) => toSavedImage(toObject(item, what)));
}

function toSavedImage(object: JsonObject): SavedImage {
  const config = stringMember(object, "Config", what);
  if (config === undefined)
    throw new DaoChainError("IMAGE_UNREADABLE", "The archive lists an image without a config.");
  const names = stringsMember(object, "RepoTags", what, TAG_LIMIT)
    .map(tryNamedReference)
    .filter((named) => named !== undefined);
  return { config, layers: stringsMember(object, "Layers", what, LAYER_LIMIT), names };
}

/**
 * The image that a reference chooses, or the archive's only one.
 * @throws REFERENCE_INVALID where several could be meant, IMAGE_NOT_FOUND where none is
 */
export function chooseSavedImage(
  images: readonly SavedImage[],
  named: NamedReference | undefined,
  image: string,
): { saved: SavedImage; name: NamedReference | undefined } {
  const isChosen = (name: NamedReference) => name.repository === named?.repository && name.tag === named.tag;
  const matching = named === undefined ? images : images.filter(({ names }) => names.some(isChosen));
  const [saved] = matching;
  const held = images.flatMap(({ names }) => names.map(formatNamedReference)).slice(0, 20);
  const hint = held.length > 0 ? `It holds ${held.join(", ")}.` : "Its images carry no names.";
  if (saved === undefined)
    throw new DaoChainError("IMAGE_NOT_FOUND", `There is no such image in ${image}.`, { hint });
  if (matching.some(({ config }) => config !== saved.config)) {
    throw new DaoChainError("REFERENCE_INVALID", `${image} could be any of ${matching.length} images.`, {
      hint,
    });
  }
  return { saved, name: named ?? saved.names[0] };
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
