import type { Digest } from "../digest/digest.ts";
import { type DaoChainError, failure } from "../errors.ts";
import { DockerClient } from "../image/docker/client.ts";
import type { DockerOptions } from "../image/docker/endpoint.ts";
import { pushTag } from "../image/docker/transfer.ts";
import type { ImageFacts, Progress, Subject } from "../image/image.ts";
import { openImage } from "../image/open.ts";
import { type NamedReference, parseImageReference } from "../image/reference.ts";
import { registryCredentials } from "../image/registry/credentials.ts";
import { resolveManifest } from "../image/registry/manifest.ts";
import type { RegistryOptions } from "../image/registry/options.ts";
import { type Message, say } from "../messages/message.ts";
import { signable } from "./signable.ts";

export interface PushOptions {
  readonly docker?: DockerOptions | undefined;
  readonly registry?: RegistryOptions | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Sends a local image to its registry, and reads back what the registry then serves, layers included.
 * @param image `[registry/]repository[:tag]` of an image in the local daemon
 * @returns the image with every identity that it has in the daemon and in the registry, fit to be signed
 * @throws PUSHED_ANOTHER where the registry serves something else; IMAGE_NOT_SOUND; PUSH_NAME_INVALID, IMAGE_NOT_FOUND, DOCKER_FAILED,
 *   DOCKER_UNREACHABLE, REGISTRY_UNREACHABLE, REGISTRY_FAILED, REGISTRY_DENIED, CANCELLED
 */
export async function pushImage(image: string, options: PushOptions = {}): Promise<ImageFacts> {
  const { docker, registry, signal, onProgress } = options;
  const named = toNamed(image);
  const { repository, tag } = named;
  const environment = registry?.environment ?? docker?.environment;
  const local = sound(
    await (await openImage(`docker-daemon:${repository}:${tag}`, { docker })).inspect({
      thorough: true,
      signal,
      onProgress,
    }),
    say("local-image", { name: `${repository}:${tag}` }),
  );
  const client = await DockerClient.prepare(docker);
  const host = repository.slice(0, repository.indexOf("/"));
  const credential = await registryCredentials(host, { ...registry, environment, signal });
  const digest = await pushTag(client, named, { credential, signal, onProgress });

  const tagged = await resolveManifest(named, { ...registry, environment, signal });
  if (tagged.digest !== digest) throw otherImage(named, digest, tagged.digest);
  const source = await openImage(`docker://${repository}@${digest}`, {
    registry: { ...registry, environment },
  });
  const read = await source.inspect({ depth: "content", thorough: true, signal, onProgress });
  const served = signable(sound(read, say("served-image", { name: `${repository}:${tag}` })));
  compare(named, local, served);
  const subjects = new Map(
    [...local.subjects, ...served.subjects].map((subject) => [`${subject.kind} ${subject.digest}`, subject]),
  );
  // Of an index that was sent, everything was read back, whatever the engine holds of it.
  const listed = served.listed ?? local.listed;
  const notes = [...new Set([...local.notes, ...served.notes])];
  return { ...local, image, listed, notes, subjects: [...subjects.values()] };
}

function toNamed(image: string): NamedReference {
  const reference = parseImageReference(image);
  const named = reference.transport === "docker-daemon" ? reference.named : undefined;
  if (named !== undefined && named.digest === undefined) return named;
  throw failure("PUSH_NAME_INVALID", { image });
}

/** @throws IMAGE_NOT_SOUND */
function sound(facts: ImageFacts, image: Message): ImageFacts {
  const corruption = facts.corruptions[0];
  if (corruption === undefined) return facts;
  throw failure("IMAGE_NOT_SOUND", { image, place: corruption.at, detail: corruption.detail });
}

/** Whether what the registry serves is the local image: its configs, and with them its layers, are the same, as is all that both know. */
function compare(named: NamedReference, local: ImageFacts, served: ImageFacts): void {
  const of = ({ subjects }: ImageFacts, kind: Subject["kind"]) =>
    subjects.filter((subject) => subject.kind === kind);
  for (const kind of ["config", "manifest", "index", "runtime"] as const) {
    const known = of(local, kind);
    for (const subject of of(served, kind)) {
      // The classic store keeps no manifests, and a runtime digest may be known of one platform only.
      const same = kind === "runtime" ? known.filter(({ platform }) => platform === subject.platform) : known;
      const isOpen = kind !== "config" && same.length === 0;
      if (!isOpen && same.every(({ digest }) => digest !== subject.digest)) {
        throw otherImage(named, same[0]?.digest, subject.digest);
      }
    }
  }
  if (of(served, "config").length === 0) throw otherImage(named, of(local, "config")[0]?.digest, undefined);
}

function otherImage(
  { repository, tag }: NamedReference,
  pushed: Digest | undefined,
  served: Digest | undefined,
): DaoChainError {
  return failure("PUSHED_ANOTHER", {
    name: `${repository}:${tag}`,
    pushed: pushed ?? say("another-image"),
    served: served ?? say("no-image"),
  });
}
