import type { Digest } from "../../digest/digest.ts";
import type { ImageFacts } from "../../image/image.ts";
import { unseenImages } from "../../image/oci/listed.ts";
import { formatNamedReference, type NamedReference } from "../../image/reference.ts";
import { resolveManifest } from "../../image/registry/manifest.ts";
import type { RegistryOptions } from "../../image/registry/options.ts";
import { registryImage } from "../../image/registry/source.ts";
import { SingleFlight } from "./single-flight.ts";

/** Digests of all images together that are remembered: some 50 MB. */
const maxRemembered = 200_000;
/** Tags under which one image is known at a time. */
const maxTagsOfOne = 20;
/** Tags that are remembered. */
const maxTags = 10_000;

export interface ImageCacheOptions {
  readonly registry?: RegistryOptions | undefined;
  /** milliseconds for which it is remembered what a tag stands for; 0: not at all */
  readonly tagTime: number;
}

/** What is known of an image in its registry, and the digest by which it would be pulled. */
export interface FoundImage {
  readonly facts: ImageFacts;
  readonly digest: Digest;
}

interface Remembered {
  readonly facts: ImageFacts;
  /** the same under the names by which it was asked for */
  readonly byTag: Map<string, ImageFacts>;
}

/**
 * What registries say of images. What a digest stands for is asked once, since it cannot change; what a tag stands for is asked anew every
 * few seconds. Whoever asks for the same at the same time shares one answer.
 */
export class ImageCache {
  readonly #options: ImageCacheOptions;
  readonly #singleFlight = new SingleFlight();
  /** by repository and digest, the one that was asked for last at the end */
  readonly #remembered = new Map<string, Remembered>();
  #weight = 0;
  readonly #tags = new Map<string, { readonly digest: Digest; readonly until: number }>();

  constructor(options: ImageCacheOptions) {
    this.#options = options;
  }

  /** @throws what `openImage(...).inspect()` throws; the reason of the signal that was aborted first */
  async find(named: NamedReference, ...signals: readonly AbortSignal[]): Promise<FoundImage> {
    const digest = named.digest ?? (await this.#digestOf(named, signals));
    const { facts, byTag } = await this.#imageOf({ ...named, digest }, signals);
    const { repository, tag } = named;
    // The same facts each time: what was gathered about them is found again by them.
    let called = byTag.get(tag);
    if (called === undefined) {
      const image = formatNamedReference({ repository, tag, digest });
      called = { ...facts, image, name: { repository, tag, carried: true } };
      if (byTag.size >= maxTagsOfOne) byTag.clear();
      byTag.set(tag, called);
    }
    return { facts: called, digest };
  }

  /** Gives up what is being asked. */
  close(): void {
    this.#singleFlight.close();
  }

  async #digestOf(named: NamedReference, signals: readonly AbortSignal[]): Promise<Digest> {
    const key = formatNamedReference(named);
    const known = this.#tags.get(key);
    if (known !== undefined && performance.now() < known.until) return known.digest;
    return this.#singleFlight.share(`tag ${key}`, registryOf(named), signals, async (stop) => {
      // Whatever a tag stood for when the question was sent is as old as the question.
      const asked = performance.now();
      const { digest } = await resolveManifest(named, { ...this.#options.registry, signal: stop });
      this.#tags.delete(key);
      if (this.#options.tagTime > 0) this.#tags.set(key, { digest, until: asked + this.#options.tagTime });
      const [first] = this.#tags.keys();
      if (this.#tags.size > maxTags && first !== undefined) this.#tags.delete(first);
      return digest;
    });
  }

  async #imageOf(
    named: NamedReference & { readonly digest: Digest },
    signals: readonly AbortSignal[],
  ): Promise<Remembered> {
    const key = `${named.repository}@${named.digest}`;
    const known = this.#remembered.get(key);
    if (known !== undefined) {
      // While nothing is about to be forgotten, the order does not matter.
      if (this.#weight > maxRemembered / 2) {
        this.#remembered.delete(key);
        this.#remembered.set(key, known);
      }
      return known;
    }
    return this.#singleFlight.share(key, registryOf(named), signals, async (stop) => {
      const source = registryImage(key, { ...named, tag: "" }, this.#options.registry);
      const facts = await source.inspect({ depth: "manifest", signal: stop });
      const image = { facts, byTag: new Map<string, ImageFacts>() };
      // What is corrupt or missing now may be repaired.
      if (facts.corruptions.length === 0 && unseenImages(facts).length === 0) this.#remember(key, image);
      return image;
    });
  }

  #remember(key: string, image: Remembered): void {
    this.#remembered.set(key, image);
    this.#weight += weightOf(image);
    for (const [oldest, other] of this.#remembered) {
      if (this.#weight <= maxRemembered) break;
      this.#remembered.delete(oldest);
      this.#weight -= weightOf(other);
    }
  }
}

function weightOf({ facts }: Remembered): number {
  return facts.subjects.length + 1;
}

function registryOf({ repository }: NamedReference): string {
  return repository.slice(0, repository.indexOf("/"));
}
