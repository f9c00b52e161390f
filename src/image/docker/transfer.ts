import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { digestMember, stringMember, toObject } from "../../json.ts";
import { type Message, say } from "../../messages/message.ts";
import { formatPlatform } from "../examination.ts";
import type { Progress } from "../image.ts";
import type { NamedReference } from "../reference.ts";
import type { RegistryCredential } from "../registry/credentials.ts";
import type { DockerClient } from "./client.ts";
import { readTransferMessages, TransferProgress } from "./transfer-messages.ts";

/** Until a transfer's answer begins, while the daemon asks the registry; and how long it may then be silent. In milliseconds. */
const ANSWER_TIME = 120_000;
const SILENCE = 600_000;
/** For changing a tag. */
const TAG_TIME = 60_000;

export interface TransferOptions {
  /** what the daemon shows the registry; undefined where the registry asks for nothing */
  readonly credential?: RegistryCredential | undefined;
  /** of an image for several platforms, the one to be fetched, as `os/architecture[/variant]` */
  readonly platform?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/**
 * Has the daemon fetch one manifest or index from its registry (Docker Engine API, "ImageCreate"). It goes under no tag.
 * @throws IMAGE_NOT_SERVED where the registry does not have it, or not for whoever asks; DOCKER_FAILED, DOCKER_UNREACHABLE, CANCELLED
 */
export async function pullByDigest(
  client: DockerClient,
  repository: string,
  digest: Digest,
  options: TransferOptions,
): Promise<void> {
  const query = { fromImage: repository, tag: digest, platform: options.platform ?? "" };
  const what = say("do-fetch", { image: `${repository}@${digest}` });
  await transfer(client, "/images/create", query, what, options);
}

/**
 * Has the daemon send what a tag names to its registry (Docker Engine API, "ImagePush").
 * @returns the digest of the manifest or index that the daemon says it sent
 * @throws IMAGE_NOT_SERVED, DOCKER_FAILED, DOCKER_UNREACHABLE, CANCELLED
 */
export async function pushTag(
  client: DockerClient,
  { repository, tag }: Pick<NamedReference, "repository" | "tag">,
  options: TransferOptions,
): Promise<Digest> {
  const digest = await transfer(
    client,
    `/images/${repository}/push`,
    { tag },
    say("do-push", { image: `${repository}:${tag}` }),
    options,
  );
  if (digest !== undefined) return digest;
  throw client.failure(say("engine-pushed-untold", { image: `${repository}:${tag}` }));
}

/** @returns the digest that the daemon names at the end */
async function transfer(
  client: DockerClient,
  path: string,
  query: Readonly<Record<string, string>>,
  what: Message,
  { credential, signal, onProgress }: TransferOptions,
): Promise<Digest | undefined> {
  const answer = await client.open(path, {
    method: "POST",
    query,
    headers: { "X-Registry-Auth": encodeCredential(credential) },
    time: ANSWER_TIME,
    idle: SILENCE,
    signal,
  });
  if (answer.status !== 200) {
    const message = await client.readMessage(answer);
    if (answer.status !== 404) throw client.refusal(what, answer.status, message);
    throw failure("IMAGE_NOT_SERVED", { host: client.host, what, message });
  }
  const progress = new TransferProgress(onProgress);
  let digest: Digest | undefined;
  await readTransferMessages(client, answer, (message) => {
    if (message.error !== undefined)
      throw client.failure(say("engine-could-not-tell", { what, message: message.error }));
    digest = message.digest ?? digest;
    progress.take(message);
  });
  return digest;
}

/** As the header X-Registry-Auth has it (Docker Engine API, "Authentication"). */
function encodeCredential(credential: RegistryCredential | undefined): string {
  const { serverAddress, username, password, identityToken } = credential ?? {};
  const json = JSON.stringify({
    username,
    password,
    identitytoken: identityToken,
    serveraddress: serverAddress,
  });
  return Buffer.from(json).toString("base64url");
}

/**
 * The ID that the daemon gives an image of this name.
 * @param reference a name with tag or digest, or an ID
 * @returns undefined where it has none
 * @throws DOCKER_FAILED, DOCKER_UNREACHABLE, CANCELLED
 */
export async function findImageId(
  client: DockerClient,
  reference: string,
  signal?: AbortSignal,
): Promise<Digest | undefined> {
  const { status, json, message } = await client.call(`/images/${reference}/json`, { signal });
  if (status === 404) return undefined;
  if (status !== 200) throw client.refusal(say("do-describe", { what: reference }), status, message);
  const what = "description by the Docker daemon";
  return digestMember(toObject(json, what), "Id", what);
}

/**
 * What the daemon's machine is, as `os/architecture`.
 * @throws DOCKER_FAILED, DOCKER_UNREACHABLE, CANCELLED
 */
export async function readDaemonPlatform(client: DockerClient, signal?: AbortSignal): Promise<string> {
  const { status, json, message } = await client.call("/version", { signal });
  if (status !== 200) throw client.refusal(say("do-describe-itself"), status, message);
  const what = "version of the Docker daemon";
  const object = toObject(json, what);
  return formatPlatform(
    stringMember(object, "Os", what) ?? "",
    stringMember(object, "Arch", what) ?? "",
    undefined,
  );
}

/**
 * Gives an image another name, which moves to it.
 * @throws DOCKER_FAILED, DOCKER_UNREACHABLE, CANCELLED
 */
export async function tagImage(
  client: DockerClient,
  id: Digest,
  { repository, tag }: Pick<NamedReference, "repository" | "tag">,
  signal?: AbortSignal,
): Promise<void> {
  const query = { repo: repository, tag };
  const { status, message } = await client.call(`/images/${id}/tag`, {
    method: "POST",
    query,
    time: TAG_TIME,
    signal,
  });
  if (status !== 201 && status !== 200) {
    throw client.refusal(say("do-name", { id, image: `${repository}:${tag}` }), status, message);
  }
}

/**
 * Takes the name by digest away from an image, and the image with its last name. One that is not there is no error.
 * @throws DOCKER_FAILED, DOCKER_UNREACHABLE
 */
export async function dropDigest(client: DockerClient, repository: string, digest: Digest): Promise<void> {
  const path = `/images/${repository}@${digest}`;
  const { status, message } = await client.call(path, { method: "DELETE", time: TAG_TIME });
  if (status !== 200 && status !== 404) {
    throw client.refusal(say("do-remove", { image: `${repository}@${digest}` }), status, message);
  }
}
