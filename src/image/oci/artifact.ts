import { type DaoChainError, failure } from "../../errors.ts";
import { arrayMember, type JsonObject, member, toObject } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import type { Value } from "../../messages/template.ts";
import { type BlobFacts, type BlobRole, mayUnpack } from "../blob.ts";
import { configTypes, type Descriptor, layerType, parse, parseDescriptor } from "./documents.ts";

/** Reads what a descriptor points at; undefined where it is not there or is not what its descriptor says. */
export type ReadDescribed = (
  descriptor: Descriptor,
  role: BlobRole["role"],
) => Promise<BlobFacts | undefined>;

const LAYER_LIMIT = 1000;
/** Types of a config that engines take for an image's (moby, distribution/registry.go, `ImageTypes`): some registries once served these. */
const lenientConfigTypes: readonly string[] = [
  ...configTypes,
  "application/octet-stream",
  "application/json",
  "text/html",
  "",
];
/** Members by which some engine might take a document for an image or an index, whatever its type is called. */
const imageMembers = ["config", "layers", "manifests", "fsLayers"] as const;

/**
 * Why no engine could run what an index lists, as its own bytes show: what it is called, and by whom, shows nothing. Whatever some engine
 * might unpack is an image: Docker's classic store and containers/image go by the type that a registry serves and take every layer,
 * containerd takes the layers of an image's types and leaves the others out.
 * @param document what is listed, of the size and digest that the index says
 * @returns undefined where some engine might run it
 * @throws what `isUnreadable` tells of where it does not show, IMAGE_LIMIT_EXCEEDED, and what `read` throws
 */
export async function whyNoImage(
  { mediaType }: Descriptor,
  document: BlobFacts,
  read: ReadDescribed,
): Promise<Message | undefined> {
  if (document.bytes === undefined) return say("no-image-no-document");
  const value = parse(document, "manifest");
  if (typeof value !== "object" || value === null || Array.isArray(value)) return say("no-image-no-manifest");
  const manifest = value as JsonObject;
  const held = imageMembers.filter((name) => (member(manifest, name, "manifest") ?? null) !== null);
  if (held.length === 0) return say("no-image-without-parts", { kind: nameOf(manifest, mediaType) });
  // Of a manifest nothing but these can be run; of other documents it is not said here what they are.
  if (held.some((name) => name !== "config" && name !== "layers")) return undefined;
  return whyNoImageManifest(manifest, read);
}

async function whyNoImageManifest(manifest: JsonObject, read: ReadDescribed): Promise<Message | undefined> {
  const described = toObject(member(manifest, "config", "manifest") ?? {}, "manifest");
  if ((member(described, "digest", "manifest") ?? "") === "") return say("no-image-no-config");
  const config = parseDescriptor(described, "manifest");
  const layers = arrayMember(manifest, "layers", "manifest", LAYER_LIMIT).map((layer) =>
    parseDescriptor(layer, "manifest"),
  );
  const typed = layers.filter(({ mediaType }) => layerType.test(mediaType));
  const isImageConfig = lenientConfigTypes.includes(config.mediaType);
  if (isImageConfig && typed.length === layers.length) return undefined;

  const configBlob = await read(config, "config");
  if (configBlob === undefined) throw notThere("config", config);
  const { rootfs, command } = configBlob.bytes === undefined ? nothing : partsOf(configBlob);
  const kind = nameOf(manifest, (isImageConfig && layers[0]?.mediaType) || config.mediaType);
  const diffIds = rootfs === undefined ? 0 : arrayMember(rootfs, "diff_ids", "config", LAYER_LIMIT).length;
  // containerd takes any config and unpacks as many layers as that names; where it names none, there may be a command to run.
  if (typed.length === diffIds && (typed.length > 0 || command)) return undefined;
  // The others want a config of an image's type, or at least a root file system in it.
  if (!isImageConfig && rootfs === undefined) return say("no-image-other-config", { kind });
  const [smallest] = layers
    .filter((layer) => !typed.includes(layer))
    .toSorted((one, other) => one.size - other.size);
  if (smallest === undefined) return undefined;
  const layer = await read(smallest, "layer");
  if (layer === undefined) throw notThere("layer", smallest);
  return mayUnpack(layer) ? undefined : say("no-image-no-files", { kind });
}

const nothing = { rootfs: undefined, command: false };

function partsOf(blob: BlobFacts): { rootfs: JsonObject | undefined; command: boolean } {
  const config = parse(blob, "config");
  if (typeof config !== "object" || config === null || Array.isArray(config)) return nothing;
  const rootfs = member(config as JsonObject, "rootfs", "config") ?? undefined;
  const run = member(config as JsonObject, "config", "config");
  const command = typeof run === "object" && run !== null && Object.keys(run).length > 0;
  return { rootfs: rootfs === undefined ? undefined : toObject(rootfs, "config"), command };
}

/** What whoever made it calls it, for people. */
function nameOf({ artifactType }: JsonObject, otherwise: string): Value {
  const type = typeof artifactType === "string" && artifactType !== "" ? artifactType : otherwise;
  return type === "" ? say("no-type") : JSON.stringify(type.slice(0, 100));
}

function notThere(what: string, { digest }: Descriptor): DaoChainError {
  return failure("IMAGE_PART_MISSING", { what, digest });
}
