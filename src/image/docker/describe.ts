import type { Digest, DigestKind } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import {
  digestMember,
  type JsonObject,
  member,
  sizeMember,
  stringMember,
  stringsMember,
  toObject,
} from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { ImageName, InspectOptions } from "../image.ts";
import { indexTypes, manifestTypes } from "../oci/documents.ts";
import { type ParsedReference, tryNamedReference } from "../reference.ts";
import { type DockerClient, isContainerdStore } from "./client.ts";

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

/**
 * Asks the daemon for an image.
 * @param options.platform of an image for several platforms, the one to describe; an older daemon describes its own all the same
 * @throws IMAGE_NOT_FOUND, ENGINE_PLATFORM_UNTOLD where the daemon cannot describe the platform, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
 */
export async function describe(
  client: DockerClient,
  image: string,
  reference: DaemonReference,
  options: Pick<InspectOptions, "platform" | "signal">,
): Promise<Described> {
  const { platform, signal } = options;
  const described = await ask(client, image, reference, signal);
  if (platform === undefined || described.kind !== "index") return described;
  const [os = "", architecture = ""] = platform.split("/");
  const query = { platform: toPlatformQuery(platform) };
  const { status, json, message } = await client.call(`/images/${described.id}/json`, { query, signal });
  if (status === 404) {
    throw failure(
      "IMAGE_NOT_FOUND",
      { place: say("engine-at", { host: client.host }), image: `${image} (${platform})` },
      { advice: say("advice-pull-platform", { platform }) },
    );
  }
  if (status !== 200) throw client.refusal(say("do-describe", { what: image }), status, message);
  const child = toDescribed(json);
  if (child.os !== os || child.architecture !== architecture) {
    throw failure("ENGINE_PLATFORM_UNTOLD", { host: client.host, image, platform });
  }
  return { ...child, id: described.id, kind: described.kind, tags: described.tags };
}

/** A platform as a query has it (Docker Engine API, "ImageInspect"). */
export function toPlatformQuery(platform: string): string {
  const [os = "", architecture = "", variant] = platform.split("/");
  return JSON.stringify({ os, architecture, variant });
}

async function ask(
  client: DockerClient,
  image: string,
  reference: DaemonReference,
  signal: AbortSignal | undefined,
): Promise<Described> {
  const { status, json, message } = await client.call(`/images/${reference.query}/json`, { signal });
  if (status === 404) {
    throw failure(
      "IMAGE_NOT_FOUND",
      { place: say("engine-at", { host: client.host }), image },
      { advice: reference.explicit ? say("advice-list-images") : say("advice-pull-or-build") },
    );
  }
  if (status !== 200) throw client.refusal(say("do-describe", { what: image }), status, message);
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
  if (status !== 200) throw client.refusal(say("do-describe-itself"), status, message);
  return isContainerdStore(json) ? undefined : "config";
}
