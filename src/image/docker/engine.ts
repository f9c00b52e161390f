import type { Digest, DigestKind } from "../../digest/digest.ts";
import { isDigest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { digestMember, member, stringMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { Examination, formatPlatform } from "../examination.ts";
import type { ImageFacts, ImageSource, Subject } from "../image.ts";
import { parseImageReference } from "../reference.ts";
import { DockerClient } from "./client.ts";
import { dockerImage } from "./daemon.ts";
import { type DaemonReference, describe, kindInStore, nameOf } from "./describe.ts";
import type { DockerOptions } from "./endpoint.ts";
import { DockerNames } from "./names.ts";

/** What an engine says of a container. */
export interface DaemonContainer {
  /** 64 hex digits */
  readonly id: string;
  /** the ID of the image that it was really made of, whatever its name means now */
  readonly image: Digest;
  /** the image as whoever made the container called it */
  readonly calledImage: string;
}

/** A container that is about to start. */
export interface StartingContainer extends DaemonContainer {
  /** whether it has never run, and goes when it has */
  readonly isFleeting: boolean;
}

/** How deep an image is looked at before it starts: what the engine says, or its layers. */
export type EngineDepth = "id" | "content";

const what = "container by the Docker daemon";
/** Images of which the ID's kind is remembered: what an ID is a digest of never changes. */
const maxKnown = 1000;
/** Bytes of a container's description, which holds what its maker put into it. */
const maxDescription = 16 * 1024 * 1024;

/** Questions to one engine about what is to start there, each in as few requests as can be: the engine passes all of them through its gate. */
export class DockerEngine {
  readonly #client: DockerClient;
  readonly #options: DockerOptions;
  readonly #known = new Map<Digest, Subject>();
  readonly #names: DockerNames;

  private constructor(client: DockerClient, options: DockerOptions) {
    this.#client = client;
    this.#names = new DockerNames(client);
    this.#options = options;
  }

  /** Prepares to ask; nothing is asked yet. @throws DOCKER_SETTINGS_INVALID */
  static async prepare(options: DockerOptions): Promise<DockerEngine> {
    return new DockerEngine(await DockerClient.prepare(options), options);
  }

  /** Follows what changes in the engine, until the signal aborts: what it says of images meanwhile need not be asked for again. */
  follow(signal: AbortSignal): Promise<void> {
    return this.#names.follow(signal);
  }

  /** Has the engine asked again for what is under a name. */
  forget(image: string): void {
    this.#names.forget(image);
  }

  /**
   * What the engine would start under a name. At depth `id` that may be what it was when the engine last told of a change; what a container
   * was really made of is asked for when it starts.
   * @param image a name or an ID, as whoever asks calls it
   * @throws REFERENCE_INVALID, ENGINE_NAME_INVALID, IMAGE_NOT_FOUND, JSON_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
   */
  async image(image: string, depth: EngineDepth, signal?: AbortSignal): Promise<ImageFacts> {
    const ask = () => this.#inspect(image, toReference(image), depth, signal);
    if (depth !== "id") return ask();
    return this.#names.get(image) ?? this.#names.learn(image, ask);
  }

  /**
   * What a container was made of, under the name that its maker called it by.
   * @throws as `image`
   */
  containerImage(container: DaemonContainer, depth: EngineDepth, signal?: AbortSignal): Promise<ImageFacts> {
    const { image, calledImage } = container;
    return this.#inspect(calledImage, referenceTo(image, calledImage), depth, signal);
  }

  /** @param name a container's name or ID @throws CONTAINER_NOT_FOUND, JSON_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED */
  async container(name: string, signal?: AbortSignal): Promise<StartingContainer> {
    const path = `/containers/${encodeURIComponent(name)}/json`;
    const { status, json, message } = await this.#client.call(path, { signal, limit: maxDescription });
    if (status === 404) {
      throw failure("CONTAINER_NOT_FOUND", { host: this.#client.host });
    }
    if (status !== 200) throw this.#client.refusal(say("do-describe-container"), status, message);
    const object = toObject(json, what);
    const id = stringMember(object, "Id", what) ?? "";
    const part = (name: string) => toObject(member(object, name, what) ?? {}, what);
    return {
      id,
      image: digestMember(object, "Image", what),
      calledImage: stringMember(part("Config"), "Image", what) ?? "",
      isFleeting:
        stringMember(part("State"), "Status", what) === "created" &&
        member(part("HostConfig"), "AutoRemove", what) === true,
    };
  }

  /** Removes a container that does not run. @param id 64 hex digits @throws DOCKER_UNREACHABLE, DOCKER_FAILED */
  async removeContainer(id: string): Promise<void> {
    await this.#client.call(`/containers/${encodeURIComponent(id)}`, { method: "DELETE", query: { v: "1" } });
  }

  async #inspect(
    image: string,
    reference: DaemonReference,
    depth: EngineDepth,
    signal: AbortSignal | undefined,
  ): Promise<ImageFacts> {
    const deeper = (): Promise<ImageFacts> =>
      dockerImage(image, reference, this.#options).inspect({ depth, signal, thorough: depth === "content" });
    if (depth !== "id") return deeper();
    // A container's image that was named needs no question: its ID is all that is asked of it.
    if (reference.named !== undefined && isDigest(reference.query)) {
      const known = this.#known.get(reference.query);
      const { repository, tag } = reference.named;
      if (known !== undefined) return toFacts(image, known, { repository, tag, carried: true });
    }
    const described = await describe(this.#client, image, reference, { platform: undefined, signal });
    const { id, os, architecture, variant } = described;
    const kind = described.kind ?? this.#known.get(id)?.kind ?? (await kindInStore(this.#client, signal));
    // An older engine with containerd's store does not say what its ID is of; the image itself does.
    if (kind === undefined) return this.#learn(await deeper());
    const platform = kind === "index" ? "" : formatPlatform(os, architecture, variant);
    const subject = { kind, digest: id, platform };
    this.#remember(subject);
    return toFacts(image, subject, nameOf(reference, described));
  }

  #learn(facts: ImageFacts): ImageFacts {
    const own = facts.subjects.find(({ digest }) => digest === facts.id);
    if (own !== undefined && facts.corruptions.length === 0) this.#remember(own);
    return facts;
  }

  #remember(subject: Subject): void {
    this.#known.delete(subject.digest);
    this.#known.set(subject.digest, subject);
    const [oldest] = this.#known.keys();
    if (this.#known.size > maxKnown && oldest !== undefined) this.#known.delete(oldest);
  }
}

/**
 * An image of an engine by its ID, under the name that somebody calls it by.
 * @param called a name; what is an ID leaves the image the first name that it has
 * @throws REFERENCE_INVALID
 */
export function engineImage(image: Digest, called: string, options: DockerOptions = {}): ImageSource {
  return dockerImage(called, referenceTo(image, called), options);
}

function referenceTo(image: Digest, called: string): DaemonReference {
  const { named, maybeId } = toReference(called);
  const isName = named !== undefined && !maybeId;
  return { ...toReference(image), named: isName ? named : undefined, maybeId: !isName };
}

/** As the engine takes it: what looks like a transport is a part of the name here. @throws REFERENCE_INVALID */
function toReference(image: string): DaemonReference {
  const reference = parseImageReference(`docker-daemon:${image}`);
  if (reference.transport === "docker-daemon") return reference;
  throw failure("ENGINE_NAME_INVALID", { image: JSON.stringify(image.slice(0, 100)) });
}

function toFacts(image: string, subject: Subject, name: ImageFacts["name"]): ImageFacts {
  const examination = new Examination();
  examination.add(subject.kind satisfies DigestKind, subject.digest, subject.platform);
  return examination.facts(image, "docker-daemon", { name, depth: "id", bytes: 0, id: subject.digest });
}
