import { type Digest, isDigest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { arrayMember, member, parseStrictJson, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { BlobStore } from "../blob.ts";
import type { ImageName } from "../image.ts";
import { namesOf } from "../oci/choose-image.ts";
import { blobName, type Descriptor, indexTypes, parseDescriptor } from "../oci/documents.ts";
import { readLayoutIndex } from "../oci/oci.ts";
import { formatImageName } from "../reference.ts";
import { readSavedImages, type SavedImage } from "./docker-archive.ts";
import { hasLegacyTable, refused, requireSameLegacyTable } from "./legacy-table.ts";

const MANIFESTS_LIMIT = 1000;
const NESTING_LIMIT = 8;
/** that hang together: an index is an image for each platform */
const IMAGES_LIMIT = 64;
const STEPS_LIMIT = 1_000_000;
/** Each name is a question to the chain. */
const NAMES_LIMIT = 256;

/** An image of an archive's index.json, with all that the table says of it. */
export interface LaidImage {
  readonly digest: Digest;
  /** of this digest: the same image may stand there under several names */
  readonly descriptors: readonly [Descriptor, ...Descriptor[]];
  readonly names: readonly ImageName[];
  /** of each image under it, for whichever platform, whatever it is annotated with */
  readonly configs: ReadonlySet<Digest>;
}

/** All tables of one archive. Which of them decides what is loaded, each engine settles for itself. */
export interface ArchiveTables {
  /** manifest.json: what `docker load` of the classic store goes by, skopeo's docker-archive, and containerd where there is no layout */
  readonly saved: readonly SavedImage[];
  /** index.json: what containerd goes by, and Docker on its store, podman, and skopeo's oci-archive */
  readonly laid: readonly LaidImage[];
}

type Archive = BlobStore & { readonly names: readonly string[] };

/**
 * Reads every table that an archive has, and gives none where they do not say the same.
 * @param image the reference as typed, for messages
 * @param main the table that must be there
 * @throws ARCHIVE_OF_TWO_IMAGES where there are two answers to what the archive holds, or no table;
 *   IMAGE_LIMIT_EXCEEDED
 */
export async function readArchiveTables(
  archive: Archive,
  image: string,
  main: "manifest.json" | "index.json",
): Promise<ArchiveTables> {
  const has = async (name: string): Promise<boolean> => (await archive.read(name)) !== undefined;
  const hasSaved = await has("manifest.json");
  const hasIndex = await has("index.json");
  if (main === "manifest.json" && hasIndex && !(await has("oci-layout")))
    throw refused(image, say("tables-half-a-layout"));
  const laid =
    main === "index.json" || hasIndex
      ? await readLaidImages(
          await readLayoutIndex(archive, image),
          hasSaved ? new ConfigFinder(archive) : undefined,
        )
      : [];
  const saved = main === "manifest.json" || hasSaved ? await readSavedImages(archive, image) : [];
  if (saved.length === 0 && hasLegacyTable(archive.names)) throw refused(image, say("tables-legacy-alone"));
  imagesByName(image, "manifest.json", saved);
  imagesByName(image, "index.json", laid);
  return { saved, laid };
}

/** @param finder undefined where there is no other table to compare configs with */
async function readLaidImages(
  descriptors: readonly Descriptor[],
  finder: ConfigFinder | undefined,
): Promise<LaidImage[]> {
  const images = new Map<Digest, LaidImage>();
  for (const descriptor of descriptors) {
    const earlier = images.get(descriptor.digest);
    images.set(descriptor.digest, {
      digest: descriptor.digest,
      descriptors: earlier === undefined ? [descriptor] : [...earlier.descriptors, descriptor],
      names: [...(earlier?.names ?? []), ...namesOf(descriptor)],
      configs: earlier?.configs ?? (await finder?.find(descriptor, 0)) ?? new Set(),
    });
  }
  return [...images.values()];
}

/** Finds the configs under an index. It reads each document once, and leaves it to the examination to say what is wrong with one. */
class ConfigFinder {
  readonly #archive: BlobStore;
  readonly #found = new Map<Digest, Set<Digest>>();
  #steps = 0;

  constructor(archive: BlobStore) {
    this.#archive = archive;
  }

  async find(descriptor: Descriptor, nesting: number): Promise<Set<Digest>> {
    const known = this.#found.get(descriptor.digest);
    if (known !== undefined) return known;
    const configs = new Set<Digest>();
    this.#found.set(descriptor.digest, configs);
    const blob = await this.#archive.read(blobName(descriptor.digest));
    if (blob?.bytes === undefined || blob.digest !== descriptor.digest || nesting > NESTING_LIMIT)
      return configs;
    const document = toObject(parseStrictJson(blob.bytes, "manifest"), "manifest");
    if (indexTypes.includes(descriptor.mediaType)) {
      for (const child of arrayMember(document, "manifests", "index", MANIFESTS_LIMIT)) {
        const under = await this.find(parseDescriptor(child, "index"), nesting + 1);
        this.#steps += under.size;
        if (this.#steps > STEPS_LIMIT)
          throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-archive-indexes") });
        for (const config of under) configs.add(config);
      }
    } else {
      const config = member(document, "config", "manifest");
      const digest =
        config === undefined ? undefined : member(toObject(config, "manifest"), "digest", "manifest");
      if (isDigest(digest)) configs.add(digest);
    }
    return configs;
  }
}

/** @throws ARCHIVE_OF_TWO_IMAGES where two have one name: one engine keeps the first, and another the last */
function imagesByName<T extends SavedImage | LaidImage>(
  image: string,
  table: string,
  images: readonly T[],
): Map<string, T> {
  const found = new Map<string, T>();
  for (const one of images) {
    for (const name of one.names) {
      const text = formatImageName(name);
      if (name.tag !== "" && (found.get(text) ?? one) !== one)
        throw refused(image, say("tables-one-name-twice", { table, name: text }));
      found.set(text, one);
    }
  }
  return found;
}

function isSame({ digest }: SavedImage, { configs }: LaidImage): boolean {
  return digest !== undefined && configs.has(digest);
}

/**
 * Requires that whichever table an engine goes by, it finds the same images.
 * @throws ARCHIVE_OF_TWO_IMAGES
 */
export async function requireSameImages(
  archive: Archive,
  image: string,
  { saved, laid }: ArchiveTables,
): Promise<void> {
  if (saved.length > 0) await requireSameLegacyTable(archive, image, saved);
  // A table without images loads nothing.
  if (saved.length === 0 || laid.length === 0) return;
  const bySaved = imagesByName(image, "manifest.json", saved);
  for (const [name, one] of imagesByName(image, "index.json", laid)) {
    const other = bySaved.get(name);
    if (other !== undefined && !isSame(other, one))
      throw refused(image, say("tables-name-differs", { table: "manifest.json", other: "index.json", name }));
  }
  const surplus = saved.find((one) => !laid.some((other) => isSame(one, other)));
  if (surplus !== undefined) {
    const tables = { table: "manifest.json", other: "index.json" };
    throw refused(image, say("tables-image-unknown", { ...tables, image: surplus.digest ?? surplus.config }));
  }
  const hidden = laid.find((one) => !saved.some((other) => isSame(other, one)));
  if (hidden !== undefined) {
    const tables = { table: "index.json", other: "manifest.json" };
    throw refused(image, say("tables-image-unknown", { ...tables, image: hidden.digest }));
  }
}

/**
 * What is one image: an index of the one table holds an image of the other, which may stand in another index as well. Under whichever of
 * their names, some engine may load any of them.
 * @param chosen of either table, and in what is returned the first of it
 * @throws IMAGE_LIMIT_EXCEEDED
 */
export function allOfImage(
  tables: ArchiveTables,
  chosen: { readonly saved?: SavedImage; readonly laid?: LaidImage },
): ArchiveTables {
  const saved = new Set(chosen.saved && [chosen.saved]);
  const laid = new Set(chosen.laid && [chosen.laid]);
  // What is added while they are walked is walked as well.
  for (let size = -1; size < saved.size + laid.size; ) {
    size = saved.size + laid.size;
    for (const one of saved) for (const other of tables.laid) if (isSame(one, other)) laid.add(other);
    for (const one of laid) for (const other of tables.saved) if (isSame(other, one)) saved.add(other);
    if (saved.size + laid.size > IMAGES_LIMIT)
      throw failure("IMAGE_LIMIT_EXCEEDED", { reason: say("limit-archive-ways", { limit: IMAGES_LIMIT }) });
  }
  return { saved: [...saved], laid: [...laid] };
}

/**
 * All names that loading gives the image, each once, the first of them first.
 * @throws IMAGE_LIMIT_EXCEEDED
 */
export function allNames(first: readonly ImageName[], { saved, laid }: ArchiveTables): ImageName[] {
  const names = [...first, ...[...saved, ...laid].flatMap((one) => one.names)];
  const distinct = new Map(names.map((name) => [formatImageName(name), name]));
  if (distinct.size > NAMES_LIMIT)
    throw failure("IMAGE_LIMIT_EXCEEDED", {
      reason: say("limit-count", { limit: NAMES_LIMIT, what: "names" }),
    });
  return [...distinct.values()];
}
