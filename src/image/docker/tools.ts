import { isDigest } from "../../digest/digest.ts";
import { stringMember, toObject } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { tarEntries } from "../oci/write-layout.ts";
import { formatNamedReference, parseNamedReference } from "../reference.ts";
import { DockerClient, isContainerdStore } from "./client.ts";
import type { DockerOptions } from "./endpoint.ts";

/** A Docker daemon that answered. */
export interface DockerStatus {
  readonly version: string;
  readonly apiVersion: string;
  readonly store: "classic" | "containerd";
  /** the address it answered at */
  readonly host: string;
}

/**
 * Asks the daemon what it is.
 * @throws DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
 */
export async function pingDocker(
  options: DockerOptions & { readonly signal?: AbortSignal | undefined } = {},
): Promise<DockerStatus> {
  const client = await DockerClient.prepare(options);
  await client.ping(options.signal);
  const version = await client.call("/version", { signal: options.signal });
  const info = await client.call("/info", { signal: options.signal });
  if (version.status !== 200 || info.status !== 200) {
    throw client.failure(
      say("engine-could-not-tell", {
        what: say("do-describe-itself"),
        message: version.message || info.message,
      }),
    );
  }
  const what = "version of the Docker daemon";
  const object = toObject(version.json, what);
  return {
    version: stringMember(object, "Version", what) ?? "unknown",
    apiVersion: stringMember(object, "ApiVersion", what) ?? "unknown",
    store: isContainerdStore(info.json) ? "containerd" : "classic",
    host: client.host,
  };
}

/**
 * Makes an image of a few files, without a base image (`docker import`).
 * @param options.name what it is to be called; a tag of this name moves to it
 * @param options.files content by path, all regular and with mode 0644
 * @throws REFERENCE_INVALID, DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
 */
export async function buildTinyImage(options: {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly docker?: DockerOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}): Promise<void> {
  const { repository, tag } = parseNamedReference(options.name);
  const client = await DockerClient.prepare(options.docker);
  await client.ping(options.signal);
  const { packTar } = await import("modern-tar");
  const body = Buffer.from(await packTar(tarEntries(options.files)));
  const { status, json, message } = await client.call("/images/create", {
    method: "POST",
    query: { fromSrc: "-", repo: repository, tag },
    body,
    time: 60_000,
    signal: options.signal,
  });
  const error = status >= 400 ? message : stringMember(toObject(json, "import"), "error", "import");
  if (error !== undefined)
    throw client.failure(
      say("engine-could-not-tell", { what: say("do-import", { image: options.name }), message: error }),
    );
}

/**
 * Takes a name away from an image, and the image with its last name. One that is not there is no error.
 * @param name its reference, or an image ID
 * @throws REFERENCE_INVALID, DOCKER_SETTINGS_INVALID, DOCKER_UNREACHABLE, DOCKER_FAILED, CANCELLED
 */
export async function removeImage(
  name: string,
  options: { readonly docker?: DockerOptions | undefined; readonly signal?: AbortSignal | undefined } = {},
): Promise<void> {
  const reference = isDigest(name) ? name : formatNamedReference(parseNamedReference(name));
  const client = await DockerClient.prepare(options.docker);
  await client.ping(options.signal);
  const { status, message } = await client.call(`/images/${reference}`, {
    method: "DELETE",
    time: 60_000,
    signal: options.signal,
  });
  if (status >= 400 && status !== 404)
    throw client.refusal(say("do-remove", { image: name }), status, message);
}
