import type { Digest } from "../../digest/digest.ts";
import { type DaoChainError, failure } from "../../errors.ts";
import {
  digestMember,
  JSON_LIMIT,
  type JsonObject,
  member,
  parseStrictJson,
  sizeMember,
  stringMember,
  toObject,
} from "../../json.ts";
import { say } from "../../messages/message.ts";
import type { BlobFacts, BlobRole, BlobStore } from "../blob.ts";

/** A descriptor (OCI image-spec 1.1, descriptor.md). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly object: JsonObject;
}

export const indexTypes: readonly string[] = [
  "application/vnd.oci.image.index.v1+json",
  "application/vnd.docker.distribution.manifest.list.v2+json",
];
export const manifestTypes: readonly string[] = [
  "application/vnd.oci.image.manifest.v1+json",
  "application/vnd.docker.distribution.manifest.v2+json",
];
export const configTypes: readonly string[] = [
  "application/vnd.oci.image.config.v1+json",
  "application/vnd.docker.container.image.v1+json",
];
export const layerType = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs)\./;

export function blobName(digest: Digest): string {
  return `blobs/sha256/${digest.slice(7)}`;
}

/** @throws IMAGE_DOCUMENT_NOT_JSON, IMAGE_DOCUMENT_AMBIGUOUS, JSON_INVALID */
export function parseDescriptor(value: unknown, what: string): Descriptor {
  const object = toObject(value, what);
  return {
    mediaType: stringMember(object, "mediaType", what) ?? "",
    digest: digestMember(object, "digest", what),
    size: sizeMember(object, "size", what),
    object,
  };
}

/** A string among the descriptor's annotations. */
export function annotation(descriptor: Descriptor, name: string): string | undefined {
  const annotations = member(descriptor.object, "annotations", "index");
  if (annotations === undefined || annotations === null) return undefined;
  const value = toObject(annotations, "index")[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The platform that an index says a descriptor is for, as people write it; empty where it says none, or something else. */
export function textOfPlatform({ object }: Descriptor): string {
  const { platform } = object;
  if (typeof platform !== "object" || platform === null) return "";
  const { os, architecture, variant } = platform as JsonObject;
  const text = [os, architecture, variant].filter((part) => part !== undefined && part !== "").join("/");
  return /^[a-z0-9_.-]{1,32}(?:\/[a-z0-9_.-]{1,32}){1,2}$/i.test(text) ? text : "";
}

/** @throws IMAGE_LIMIT_EXCEEDED, and what the store throws */
export async function readDescribed(
  store: BlobStore,
  descriptor: Descriptor,
  role: BlobRole["role"],
): Promise<BlobFacts | undefined> {
  if (descriptor.size > JSON_LIMIT) {
    throw failure("IMAGE_LIMIT_EXCEEDED", {
      reason: say("limit-document", { digest: descriptor.digest, limit: JSON_LIMIT }),
    });
  }
  return store.read(blobName(descriptor.digest), descriptor.size, { role, mediaType: descriptor.mediaType });
}

/** @throws IMAGE_DOCUMENT_NOT_JSON, IMAGE_DOCUMENT_AMBIGUOUS, JSON_INVALID */
export function jsonBytes(blob: BlobFacts, what: string): Uint8Array {
  if (blob.bytes !== undefined) return blob.bytes;
  throw failure("IMAGE_DOCUMENT_NOT_JSON", { what, limit: JSON_LIMIT });
}

/** @throws IMAGE_DOCUMENT_NOT_JSON, IMAGE_DOCUMENT_AMBIGUOUS, JSON_INVALID */
export function parse(blob: BlobFacts, what: string): unknown {
  return parseStrictJson(jsonBytes(blob, what), what);
}

/** @throws SCHEMA_UNSUPPORTED, JSON_INVALID */
export function requireSchema2(object: JsonObject, what: string): void {
  if (member(object, "schemaVersion", what) === 2) return;
  throw failure("SCHEMA_UNSUPPORTED", { what });
}

/**
 * One document must not be an index to one reader and a manifest to another (CVE-2021-41190).
 * @throws IMAGE_DOCUMENT_NOT_JSON, IMAGE_DOCUMENT_AMBIGUOUS, JSON_INVALID
 */
export function requireType(
  object: JsonObject,
  descriptor: Descriptor,
  what: string,
  foreign: readonly string[],
): void {
  const own = stringMember(object, "mediaType", what);
  const wrong = foreign.find((name) => member(object, name, what) !== undefined);
  if ((own === undefined || own === descriptor.mediaType) && wrong === undefined) return;
  const reason =
    wrong === undefined
      ? say("document-calls-itself", { mediaType: JSON.stringify(own) })
      : say("document-has", { name: wrong });
  throw failure("IMAGE_DOCUMENT_AMBIGUOUS", { what, mediaType: descriptor.mediaType, reason });
}

export function unsupportedType(what: string, mediaType: string): DaoChainError {
  return failure("NOT_A_CONTAINER_IMAGE", {
    reason: say("not-image-type", { what, mediaType: JSON.stringify(mediaType) }),
  });
}
