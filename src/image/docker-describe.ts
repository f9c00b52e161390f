import type { Digest, DigestKind } from "../digest/digest.ts";
import { DaoChainError } from "../errors.ts";
import { type DockerClient, isContainerdStore } from "./docker-client.ts";
import type { ImageName } from "./image.ts";
import {
  digestMember,
  type JsonObject,
  member,
  sizeMember,
  stringMember,
  stringsMember,
  toObject,
} from "./json.ts";
import { indexTypes, manifestTypes } from "./oci.ts";
import { type ParsedReference, tryNamedReference } from "./reference.ts";

export type DaemonReference = Extract<ParsedReference, { readonly transport: "docker-daemon" }>;

/** What the daemon says of an image. */
export interface Described {
  readonly id: Digest;
  /** what the ID is a digest of, where the daemon says so */
  readonly kind: DigestKind | undefined;
  /** empty where the daemon has none of the image's platforms */
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
  readonly size: number;
  readonly tags: readonly string[];
  /** the configuration that the daemon gives to containers of the image */
  readonly config: JsonObject;
}

const what = "description by the Docker daemon";

export async function describe(
  client: DockerClient,
  image: string,
  reference: DaemonReference,
  signal: AbortSignal | undefined,
): Promise<Described> {
  const { status, json, message } = await client.call(`/images/${reference.query}/json`, { signal });
  if (status === 404) {
    throw new DaoChainError("IMAGE_NOT_FOUND", `The Docker daemon at ${client.host} has no image ${image}.`, {
      hint: reference.explicit
        ? "See docker image ls for those it has."
        : "Pull or build it first: images are not read from registries yet.",
    });
  }
  if (status !== 200) throw client.failure(`could not describe ${image} (status ${status}): ${message}`);
  return toDescribed(json);
}

function toDescribed(json: unknown): Described {
  const object = toObject(json, what);
  const id = digestMember(object, "Id", what);
  const descriptor = member(object, "Descriptor", what);
  let kind: DigestKind | undefined;
  if (descriptor !== undefined && descriptor !== null) {
    const { mediaType, digest } = { ...toObject(descriptor, what) };
    if (digest === id && typeof mediaType === "string") {
      if (indexTypes.includes(mediaType)) kind = "index";
      if (manifestTypes.includes(mediaType)) kind = "manifest";
    }
  }
  // The classic store's driver; containerd's snapshotter of the same kind is called overlayfs.
  const driver = toObject(member(object, "GraphDriver", what) ?? {}, what);
  if (stringMember(driver, "Name", what) === "overlay2") kind ??= "config";
  return {
    id,
    kind,
    os: stringMember(object, "Os", what) ?? "",
    architecture: stringMember(object, "Architecture", what) ?? "",
    variant: stringMember(object, "Variant", what),
    size: sizeMember(object, "Size", what),
    tags: stringsMember(object, "RepoTags", what, 10_000),
    config: toObject(member(object, "Config", what) ?? {}, what),
  };
}

/** The name typed; of an image that was named by its ID, the first that it has. */
export function nameOf(reference: DaemonReference, { id, tags }: Described): ImageName | undefined {
  const names = tags.map(tryNamedReference).filter((name) => name !== undefined);
  const { named } = reference;
  const byId =
    reference.maybeId &&
    (named === undefined ||
      (id.slice(7).startsWith(reference.query) &&
        !names.some((name) => name.repository === named.repository && name.tag === named.tag)));
  const name = byId ? names[0] : named;
  return name === undefined ? undefined : { repository: name.repository, tag: name.tag, carried: true };
}

export async function kindInStore(
  client: DockerClient,
  signal: AbortSignal | undefined,
): Promise<DigestKind | undefined> {
  const { status, json, message } = await client.call("/info", { signal });
  if (status !== 200) throw client.failure(`could not describe itself (status ${status}): ${message}`);
  return isContainerdStore(json) ? undefined : "config";
}
