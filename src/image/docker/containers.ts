import { failure, isDaoChainError } from "../../errors.ts";
import { type JsonObject, stringMember, stringsMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { DockerClient } from "./client.ts";
import type { DockerOptions } from "./endpoint.ts";
import { type DaemonContainer, DockerEngine } from "./engine.ts";

/** A container as an engine lists it. */
export interface ListedContainer extends DaemonContainer {
  /** as `docker ps` shows it */
  readonly name: string;
  /** such as `running`, `paused` or `exited` */
  readonly state: string;
}

/** Containers that are listed at most, and bytes of the daemon's answer: what labels take is their makers' choice. */
const maxContainers = 10_000;
const maxAnswer = 64 * 1024 * 1024;
const what = "list of containers by the Docker daemon";
/** Containers that are described at a time. */
const parallel = 8;

/**
 * The containers of an engine, each with the image that it was really made of and what its maker called that.
 * @param options.all also those that are stopped, or were never started
 * @throws DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, JSON_INVALID, ENGINE_LISTS_TOO_MUCH, CANCELLED
 */
export async function listContainers(
  options: DockerOptions & { readonly all?: boolean; readonly signal?: AbortSignal | undefined } = {},
): Promise<ListedContainer[]> {
  const { signal, all = false } = options;
  const client = await DockerClient.prepare(options);
  await client.ping(signal);
  const { status, json, message } = await client.call("/containers/json", {
    query: { all: `${all}` },
    limit: maxAnswer,
    signal,
  });
  if (status !== 200) throw client.refusal(say("do-list-containers"), status, message);
  if (!Array.isArray(json))
    throw client.failure(say("engine-list-invalid", { what: say("containers-word") }));
  if (json.length > maxContainers) {
    throw failure("ENGINE_LISTS_TOO_MUCH", {
      host: client.host,
      count: json.length,
      what: say("containers-word"),
      limit: maxContainers,
    });
  }
  const engine = await DockerEngine.prepare(options);
  const listed = json.map((container) => toObject(container, what));
  const found: (ListedContainer | undefined)[] = [];
  for (let at = 0; at < listed.length; at += parallel) {
    found.push(
      ...(await Promise.all(listed.slice(at, at + parallel).map((one) => describe(engine, one, signal)))),
    );
  }
  return found.filter((container) => container !== undefined);
}

/** The list shows an ID in the place of a name that has moved on; the container itself knows what it was made of. */
async function describe(
  engine: DockerEngine,
  listed: JsonObject,
  signal: AbortSignal | undefined,
): Promise<ListedContainer | undefined> {
  const id = stringMember(listed, "Id", what) ?? "";
  const [first] = stringsMember(listed, "Names", what, 1000)
    .map((name) => name.replace(/^\//, ""))
    // A link gives a container the name that another knows it by.
    .toSorted((a, b) => a.split("/").length - b.split("/").length);
  try {
    const { image, calledImage } = await engine.container(id, signal);
    const state = stringMember(listed, "State", what) ?? "";
    return { id, image, calledImage, name: first ?? id.slice(0, 12), state };
  } catch (error) {
    // It was removed meanwhile.
    if (isDaoChainError(error, "CONTAINER_NOT_FOUND")) return undefined;
    throw error;
  }
}
