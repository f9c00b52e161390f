import { type DaoChainError, failure } from "../../errors.ts";
import { JSON_LIMIT, type JsonObject, member, parseStrictJson, stringMember, toObject } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import type { BlobFacts, BlobStore } from "../blob.ts";
import { parseImageConfig } from "../examination.ts";
import { carriedName, isSameName } from "../reference.ts";
import { canonicalConfiguration } from "../rootfs/configuration.ts";
import type { SavedImage } from "./docker-archive.ts";

/** The table of Docker before 1.10 (Docker Image Specification 1.0): each name with the directory of its topmost layer. */
const TABLE = "repositories";
/** Of a tar archive without entries: what an instruction that changes no file was a layer of. */
const EMPTY_LAYER = "sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef";

/** Whether an archive has what engines before 1.10 go by, and those up to 26 where there is no manifest.json. */
export function hasLegacyTable(names: readonly string[]): boolean {
  return names.some((name) => name === TABLE || /^[^/]+\/json$/.test(name));
}

/**
 * Requires that the oldest table gives no name to another image than manifest.json does. Directories that it names and that are not there,
 * as in archives of Docker 25 and later, no engine could load.
 * @param image the reference as typed, for messages
 * @throws ARCHIVE_OF_TWO_IMAGES, JSON_INVALID
 */
export async function requireSameLegacyTable(
  store: BlobStore,
  image: string,
  saved: readonly SavedImage[],
): Promise<void> {
  const table = await store.read(TABLE);
  if (table === undefined) return;
  for (const [repository, tags] of Object.entries(toDocument(table, TABLE))) {
    for (const [tag, id] of Object.entries(toObject(tags, TABLE))) {
      const text = `${repository}:${tag}`;
      const name = carriedName(text);
      const same = saved.find(({ names }) =>
        names.some((own) => name !== undefined && isSameName(own, name)),
      );
      if (same === undefined)
        throw refused(
          image,
          say("tables-name-unknown", {
            table: TABLE,
            other: "manifest.json",
            name: JSON.stringify(text.slice(0, 200)),
          }),
        );
      if (typeof id !== "string" || !(await isSameImage(store, id, same)))
        throw refused(
          image,
          say("tables-name-differs", { table: TABLE, other: "manifest.json", name: text }),
        );
    }
  }
}

async function isSameImage(store: BlobStore, top: string, saved: SavedImage): Promise<boolean> {
  const layers = await Promise.all(saved.layers.map((name) => store.read(name)));
  const below = layers.map((layer) => layer?.content).filter((content) => content !== EMPTY_LAYER);
  const seen = new Set<string>();
  for (let id: string | undefined = top; id !== undefined; ) {
    const [layer, description] = [await store.read(`${id}/layer.tar`), await store.read(`${id}/json`)];
    if (layer !== undefined && layer.content !== EMPTY_LAYER && below.pop() !== layer.content) return false;
    if (layer === undefined || description === undefined || seen.has(id)) return true;
    seen.add(id);
    const object = toDocument(description, "json");
    if (id === top && !(await hasSameConfiguration(store, object, saved))) return false;
    id = stringMember(object, "parent", "json");
  }
  return below.length === 0;
}

async function hasSameConfiguration(
  store: BlobStore,
  description: JsonObject,
  saved: SavedImage,
): Promise<boolean> {
  const config = await store.read(saved.config);
  if (config?.bytes === undefined) return true;
  const own = canonicalConfiguration(toObject(member(description, "config", "json") ?? {}, "json"));
  return own === parseImageConfig(config.bytes).configuration;
}

function toDocument({ bytes }: BlobFacts, what: string): JsonObject {
  if (bytes !== undefined) return toObject(parseStrictJson(bytes, what), what);
  throw failure("IMAGE_DOCUMENT_NOT_JSON", { what, limit: JSON_LIMIT });
}

/** @param why engines would */
export function refused(image: string, why: Message): DaoChainError {
  return failure("ARCHIVE_OF_TWO_IMAGES", { image, reason: why });
}
