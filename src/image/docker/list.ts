import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { digestMember, type JsonObject, member, sizeMember, stringsMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { tryNamedReference } from "../reference.ts";
import { DockerClient } from "./client.ts";
import type { DockerOptions } from "./endpoint.ts";

/** An image as a daemon lists it: its own word, for which nothing was read. */
export interface DaemonImage {
  /** config digest in the classic store; manifest or index digest in containerd's */
  readonly id: Digest;
  /** as the daemon has them, such as `acme/api:1.4.2`; empty for an image that has lost its name */
  readonly names: readonly string[];
  /** manifest or index digests under which registries served it, without their repositories */
  readonly digests: readonly Digest[];
  /** seconds since 1970; 0 where the image does not tell */
  readonly created: number;
  /** bytes */
  readonly size: number;
}

/** Images that are listed at most, and bytes of the daemon's answer: what labels take is their makers' choice. */
const maxImages = 10_000;
const maxAnswer = 64 * 1024 * 1024;
const maxNames = 1000;
/** How long a daemon may take, in milliseconds: containerd's store adds up the sizes of all layers first. */
const listTime = 60_000;
const what = "list by the Docker daemon";

/**
 * The images that a daemon has, newest first, those without a name among them. A name that is no image reference is left out: nobody could
 * type it, and it might say anything to a terminal.
 * @throws DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, JSON_INVALID, ENGINE_LISTS_TOO_MUCH, CANCELLED
 */
export async function listDaemonImages(
  options: DockerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<DaemonImage[]> {
  const client = await DockerClient.prepare(options);
  const { signal } = options;
  await client.ping(signal);
  const { status, json, message } = await client.call("/images/json", {
    time: listTime,
    limit: maxAnswer,
    signal,
  });
  if (status !== 200) throw client.refusal(say("do-list-images"), status, message);
  if (!Array.isArray(json)) throw client.failure(say("engine-list-invalid", { what: say("images-word") }));
  if (json.length > maxImages) {
    throw failure("ENGINE_LISTS_TOO_MUCH", {
      host: client.host,
      count: json.length,
      what: say("images-word"),
      limit: maxImages,
    });
  }
  return json
    .map((image) => toDaemonImage(toObject(image, what)))
    .sort((a, b) => b.created - a.created || (a.id < b.id ? -1 : 1));
}

function toDaemonImage(image: JsonObject): DaemonImage {
  const names = stringsMember(image, "RepoTags", what, maxNames);
  const digests = stringsMember(image, "RepoDigests", what, maxNames).map(
    (name) => tryNamedReference(name)?.digest,
  );
  return {
    id: digestMember(image, "Id", what),
    // An image without a name is listed as <none>:<none> by older daemons.
    names: [...new Set(names)].filter((name) => tryNamedReference(name) !== undefined),
    digests: [...new Set(digests)].filter((digest) => digest !== undefined),
    created: toTime(member(image, "Created", what)),
    size: sizeMember(image, "Size", what),
  };
}

/** An image that does not say when it was made is of the year 1, as Go has it. */
function toTime(created: unknown): number {
  return typeof created === "number" && Number.isSafeInteger(created) ? Math.max(0, created) : 0;
}
