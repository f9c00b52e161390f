import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { arrayMember, JSON_LIMIT, parseStrictJson, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import {
  type BlobFacts,
  type BlobOptions,
  BlobReader,
  type BlobRole,
  type BlobStore,
  Budget,
} from "../blob.ts";
import type { InspectOptions } from "../image.ts";
import { indexTypes, manifestTypes, parseDescriptor } from "../oci/documents.ts";
import type { RegistryClient } from "./client.ts";
import type { ResolvedManifest } from "./manifest.ts";

const BLOBS_LIMIT = 10_000;

/** The manifests, configs and layers of one image in a registry; each is fetched once. */
export class RegistryStore implements BlobStore {
  readonly #client: RegistryClient;
  readonly #options: InspectOptions;
  readonly #layers: boolean;
  readonly #budget = new Budget();
  readonly #read = new Map<string, Promise<BlobFacts | undefined>>();
  readonly #expected = new Set<Digest>();
  #total = 0;
  bytes = 0;

  /**
   * @param root the manifest that the image begins with
   * @param how.layers whether layers will be read, which the total of the progress is of
   */
  constructor(
    client: RegistryClient,
    root: ResolvedManifest,
    options: InspectOptions,
    how: { readonly layers: boolean },
  ) {
    this.#client = client;
    this.#options = options;
    this.#layers = how.layers;
    this.#read.set(
      keyOf(root.digest, root.bytes.length, { role: "manifest", mediaType: root.mediaType }),
      this.#documentFacts(root.bytes, root.mediaType),
    );
  }

  read(
    name: string,
    size: number = JSON_LIMIT,
    as: BlobRole = { role: "layer", mediaType: "" },
  ): Promise<BlobFacts | undefined> {
    const digest: Digest = `sha256:${name.slice(name.lastIndexOf("/") + 1)}`;
    const key = keyOf(digest, size, as);
    let facts = this.#read.get(key);
    if (facts === undefined) {
      if (this.#read.size >= BLOBS_LIMIT) {
        throw failure("IMAGE_LIMIT_EXCEEDED", {
          reason: say("limit-count", { limit: BLOBS_LIMIT, what: "manifests and blobs" }),
        });
      }
      facts = this.#fetch(digest, size, as);
      this.#read.set(key, facts);
    }
    return facts;
  }

  #fetch(
    digest: Digest,
    size: number,
    { role, mediaType, options }: BlobRole,
  ): Promise<BlobFacts | undefined> {
    if (role === "manifest") return this.#manifest(digest, size, mediaType);
    return role === "config" ? this.#config(digest, size) : this.#layer(digest, size, options);
  }

  async #manifest(digest: Digest, size: number, mediaType: string): Promise<BlobFacts | undefined> {
    const isImage = [...indexTypes, ...manifestTypes].includes(mediaType);
    const served = await this.#client.manifest(digest, mediaType);
    if (served === undefined) {
      // What an index lists beside its images may be kept as a blob.
      return isImage ? undefined : this.#layer(digest, size);
    }
    // What is listed as none of an image's types is judged by its bytes, whatever it is served as.
    if (isImage && served.mediaType !== mediaType) {
      throw failure("REGISTRY_TYPE_DIFFERS", {
        registry: this.#client.host.name,
        digest,
        found: JSON.stringify(served.mediaType.slice(0, 100)),
        mediaType,
      });
    }
    return this.#documentFacts(served.bytes, mediaType);
  }

  async #documentFacts(bytes: Uint8Array, mediaType: string): Promise<BlobFacts> {
    const blob = new BlobReader(this.#budget);
    try {
      await blob.write(bytes);
      this.#total += bytes.length;
      this.#count(bytes.length);
      if (this.#layers && manifestTypes.includes(mediaType)) this.#expect(bytes);
      return await blob.end();
    } finally {
      blob.destroy();
    }
  }

  async #config(digest: Digest, size: number): Promise<BlobFacts> {
    const blob = new BlobReader(this.#budget);
    try {
      const isThere = await this.#client.blob(digest, size, (piece) => {
        this.#count(piece.length);
        return blob.write(piece);
      });
      if (isThere) return await blob.end();
    } finally {
      blob.destroy();
    }
    // Elsewhere a config that is missing may mean a platform that was not copied; a registry has its manifest, so it must have this.
    throw failure("REGISTRY_CONFIG_MISSING", { registry: this.#client.host.name, digest });
  }

  async #layer(
    digest: Digest,
    size: number,
    options: BlobOptions = { content: false, tree: false },
  ): Promise<BlobFacts | undefined> {
    let bytes = 0;
    const blob = new BlobReader(this.#budget, options);
    try {
      const isThere = await this.#client.blob(digest, size, (piece) => {
        bytes += piece.length;
        this.#count(piece.length, { name: digest, bytes, total: size });
        return blob.write(piece);
      });
      return isThere ? await blob.end() : undefined;
    } finally {
      blob.destroy();
    }
  }

  #count(length: number, part?: { name: string; bytes: number; total: number }): void {
    this.#options.signal?.throwIfAborted();
    this.bytes += length;
    const total = this.#layers ? Math.max(this.#total, this.bytes) : undefined;
    this.#options.onProgress?.({ bytes: this.bytes, total, ...(part === undefined ? {} : { part }) });
  }

  /** Adds to the total what a manifest announces. Whether it is sound is judged by whoever asked for it. */
  #expect(bytes: Uint8Array): void {
    try {
      const manifest = toObject(parseStrictJson(bytes, "manifest"), "manifest");
      const blobs = [manifest["config"], ...arrayMember(manifest, "layers", "manifest", 1000)];
      for (const { digest, size } of blobs.map((one) => parseDescriptor(one, "manifest"))) {
        if (this.#expected.has(digest)) continue;
        this.#expected.add(digest);
        this.#total += size;
      }
    } catch {
      // The total is short then, and the examination fails.
    }
  }
}

function keyOf(digest: Digest, size: number, { role, mediaType }: BlobRole): string {
  return role === "manifest" ? `${role} ${digest} ${mediaType}` : `${role} ${digest} ${size}`;
}
