import { failure, isDaoChainError } from "../../errors.ts";
import { Examination } from "../examination.ts";
import { cancellable } from "../file.ts";
import type { ImageFacts, ImageSource, InspectOptions } from "../image.ts";
import { examineDescriptor } from "../oci/oci.ts";
import { formatNamedReference, type NamedReference } from "../reference.ts";
import { RegistryClient } from "./client.ts";
import { fetchRoot, type ResolvedManifest } from "./manifest.ts";
import type { RegistryOptions } from "./options.ts";
import { RegistryStore } from "./store.ts";

/** Layers and manifests that are fetched at a time. */
const PARALLEL = 4;

/** An image in a registry (OCI distribution-spec 1.1). */
export function registryImage(
  image: string,
  named: NamedReference,
  options: RegistryOptions = {},
): ImageSource {
  return {
    image,
    transport: "docker",
    inspect: (inspection = {}) =>
      cancellable(inspection.signal, async () => {
        const client = new RegistryClient(named, options, inspection.signal);
        try {
          return await inspect(client, image, named, inspection);
        } finally {
          await client.close();
        }
      }),
  };
}

async function inspect(
  client: RegistryClient,
  image: string,
  named: NamedReference,
  options: InspectOptions,
): Promise<ImageFacts> {
  // Whoever is about to sign says thorough: what nobody has looked at must not be signed.
  const depth = options.depth ?? (options.thorough === true ? "runtime" : "manifest");
  const readsLayers = depth === "content" || depth === "runtime";
  const content = options.thorough === true || depth === "runtime";
  const examination = new Examination(undefined, options);
  const found = {
    name: { repository: named.repository, tag: named.tag, carried: true },
    depth: readsLayers ? depth : "manifest",
    layers: !readsLayers ? "unread" : content ? "config" : "manifest",
  } as const;
  let root: ResolvedManifest;
  try {
    root = await fetchRoot(client, named);
  } catch (error) {
    if (!isDaoChainError(error, "REGISTRY_MANIFEST_FALSE")) throw error;
    examination.corrupt(`manifest of ${formatNamedReference(named)}`, error);
    return examination.facts(image, "docker", { ...found, bytes: 0 });
  }
  const { digest, mediaType, bytes } = root;
  if (mediaType === "") {
    throw failure("REGISTRY_TYPE_UNTOLD", { registry: client.host.name, image });
  }
  const store = new RegistryStore(client, root, options, { layers: readsLayers });
  const descriptor = { mediaType, digest, size: bytes.length, object: {} };
  const reading = { content, tree: content, parallel: PARALLEL };
  await examineDescriptor(store, descriptor, examination, readsLayers ? reading : undefined);
  return examination.facts(image, "docker", { ...found, bytes: store.bytes });
}
