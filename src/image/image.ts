import type { Digest, DigestKind } from "../digest/digest.ts";
import type { Message } from "../messages/message.ts";
import type { Value } from "../messages/template.ts";
import type { DifferenceKind } from "./rootfs/differences.ts";

/** One identity of an image. `platform` is `os/architecture[/variant]`, empty for an index. */
export interface Subject {
  readonly kind: DigestKind;
  readonly digest: Digest;
  readonly platform: string;
}

/** How much of the image was really looked at, from least to most. */
export const depths = ["id", "manifest", "content", "runtime"] as const;
/** One of `depths`. */
export type Depth = (typeof depths)[number];

/** Where an image lies, as containers-transports(5) names it. */
export type Transport = "docker-daemon" | "docker" | "docker-archive" | "oci" | "oci-archive";

/**
 * The name under which an image is claimed.
 * `repository` is canonical ("docker.io/library/alpine"); `tag` is empty when the image was named by digest alone.
 * `carried` is false when neither the caller nor the image named it and the name was made from the file's.
 */
export interface ImageName {
  readonly repository: string;
  readonly tag: string;
  readonly carried: boolean;
}

/** Bytes that are not what the image's own config or manifest says. `at` names the layer, blob or file. */
export interface Corruption {
  readonly at: string;
  readonly detail: Value;
  /** for a file, or a member of the configuration, that is not what the image's layers or config say: how it differs */
  readonly kind?: DifferenceKind;
}

/** One container image that an index lists, whatever the index says of it. */
export interface ListedImage {
  readonly digest: Digest;
  /** as the index has it, for people; empty where it does not say one */
  readonly platform: string;
  /** its identities; empty where it was not looked at */
  readonly subjects: readonly Subject[];
  /** why it was not looked at; undefined where it was */
  readonly unseen?: Value;
  /** whether the engine that holds the index does not hold this image of it, and so cannot run it */
  readonly isElsewhere?: boolean;
}

/** What was learnt of one image. */
export interface ImageFacts {
  /** the reference as the caller typed it */
  readonly image: string;
  readonly transport: Transport;
  readonly name: ImageName | undefined;
  /** further names that loading its archive gives it: each of them is judged as well */
  readonly otherNames?: readonly ImageName[] | undefined;
  readonly depth: Depth;
  /** what the layers' bytes were compared with: `manifest` is the digests of the blobs as stored, `config` those of the layers uncompressed */
  readonly layers: "unread" | "manifest" | "config";
  /** every identity that the source can know, at the depth looked at; never empty unless corrupt */
  readonly subjects: readonly Subject[];
  /** of an index: every container image that it lists; undefined for what is no index, and for an index that was not looked into */
  readonly listed?: readonly ListedImage[] | undefined;
  /** empty when the bytes are what they say; otherwise the image is corrupt and must not be signed or verified */
  readonly corruptions: readonly Corruption[];
  /** why there is no runtime digest of some platform although its files were looked at, and what else is worth knowing */
  readonly notes: readonly Message[];
  /** bytes that were read */
  readonly bytes: number;
  /** what a daemon calls the image that was read, and starts it by; undefined for one that lies elsewhere */
  readonly id?: Digest | undefined;
}

/** How far reading an image is. */
export interface Progress {
  /** bytes read so far */
  readonly bytes: number;
  /** total, where the source knows it before the end */
  readonly total: number | undefined;
  /** the layer or file that this is about, where several are read at a time */
  readonly part?: {
    readonly name: string;
    readonly bytes: number;
    readonly total: number | undefined;
  };
}

/** What an image for one platform is made of, as its own manifest and config say. */
export interface ImageContents {
  readonly platform: string;
  /** as its maker wrote it */
  readonly created: string | undefined;
  /** the lowest first */
  readonly layers: readonly ImageLayer[];
}

export interface ImageLayer {
  /** of its bytes, uncompressed */
  readonly diffId: Digest;
  /** bytes as they are stored; undefined where that is not known */
  readonly size: number | undefined;
  /** what made it, as its maker wrote it; undefined where the image's history does not tell which of its steps did */
  readonly createdBy: string | undefined;
}

/** How an image is read. */
export interface InspectOptions {
  /** undefined: the source's default depth */
  readonly depth?: Depth | undefined;
  /**
   * Read everything that bears on the depth: all layers uncompressed, against the config and the tree that would run.
   * Where it is false a source may do with less: a registry or a layout with the digests of blobs as stored, a daemon with an export.
   * Undefined: a registry and a daemon do with less.
   */
  readonly thorough?: boolean | undefined;
  /** of an image for several platforms, the one that would run, as `os/architecture[/variant]`; undefined: the daemon's own */
  readonly platform?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** told of each platform's image whose config is read; a daemon is asked in other ways (`listDaemonLayers`) */
  readonly onContents?: ((contents: ImageContents) => void) | undefined;
}

/** An image somewhere. Opening it has not read it; `inspect` reads as deep as it is asked to. */
export interface ImageSource {
  readonly image: string;
  readonly transport: Transport;
  /**
   * Reads the image.
   * @throws IMAGE_NOT_FOUND, what `isUnreadable` tells of, IMAGE_LIMIT_EXCEEDED, DOCKER_UNREACHABLE, DOCKER_FAILED,
   *   REGISTRY_UNREACHABLE, REGISTRY_FAILED, REGISTRY_DENIED, CANCELLED;
   *   bytes that do not match are not thrown but returned as corruptions
   */
  inspect(options?: InspectOptions): Promise<ImageFacts>;
}
