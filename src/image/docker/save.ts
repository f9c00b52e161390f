import { type Message, say } from "../../messages/message.ts";
import { examineSavedImage, readSavedImages } from "../archive/docker-archive.ts";
import { type BlobOptions, Budget } from "../blob.ts";
import { type Examination, missing } from "../examination.ts";
import type { InspectOptions } from "../image.ts";
import { type Descriptor, indexTypes } from "../oci/documents.ts";
import { examineDescriptor, readLayoutIndex } from "../oci/oci.ts";
import { readTar, type TarContents } from "../tar/tar.ts";
import { CALL_TIME, type DockerClient, IDLE_TIME } from "./client.ts";
import type { Described } from "./describe.ts";
import { kindInStore, toPlatformQuery } from "./describe.ts";
import { listHeld } from "./held.ts";

/** how much of an answer's end is kept, in bytes */
const TAIL = 1024;

/** How much was read, and what the layers' bytes were compared with. */
export interface Saved {
  readonly bytes: number;
  readonly layers: "manifest" | "config";
}

/** Reads the image as the daemon saves it, by ID, so that a tag that moves meanwhile changes nothing. */
export async function examineSave(
  client: DockerClient,
  image: string,
  described: Described,
  examination: Examination,
  options: InspectOptions,
): Promise<Saved> {
  // The classic store writes the whole image to a file of its own before it sends the first byte.
  const time = CALL_TIME + IDLE_TIME + described.size / 10_000;
  const { platform, signal } = options;
  // All platforms that are there, or the one that is asked for: without it, some engines want their own to be there.
  const query =
    platform === undefined || described.kind !== "index" ? {} : { platform: toPlatformQuery(platform) };
  const answer = await client.stream(`/images/${described.id}/get`, { query, signal, time });
  if (answer.status !== 200) {
    const message = await client.readMessage(answer);
    const damaged = damagedFile(message);
    if (damaged !== undefined) {
      examination.corrupt(damaged.path, say("engine-says", { message }), damaged.kind);
      return { bytes: 0, layers: "config" };
    }
    throw client.refusal(say("do-save", { image }), answer.status, message);
  }
  let bytes = 0;
  let tail: Uint8Array = Buffer.alloc(0);
  const blobs = { content: options.thorough !== false, tree: options.thorough === true };
  const contents = await readTar(answer.body, {
    budget: new Budget(),
    blobs,
    onBytes: (piece) => {
      answer.touch();
      bytes += piece.length;
      tail = Buffer.concat([tail, piece.subarray(-TAIL)]).subarray(-TAIL);
      options.onProgress?.({ bytes, total: undefined });
    },
  }).catch((error: unknown) => {
    throw client.broken(error);
  });
  if (contents.damage !== undefined) {
    const altered = alteredBlob(tail);
    if (altered !== undefined) {
      examination.corrupt("a blob in containerd's store", altered);
      return { bytes, layers: "config" };
    }
    throw client.failure(say("engine-sent-incompletely", { image, reason: contents.damage }), {
      advice: say("advice-damaged-store"),
    });
  }
  const layers = await examineSaved(client, image, described, contents, examination, blobs, options);
  // containerd's store does not fetch a layer that it has unpacked before: what it runs it may not be able to save.
  const [first] = examination.corruptions;
  if (first !== undefined && examination.corruptions.every(({ detail }) => detail === missing)) {
    throw client.failure(say("engine-saved-incompletely", { image, at: first.at }), {
      advice: say("advice-not-whole"),
    });
  }
  return { bytes, layers };
}

async function examineSaved(
  client: DockerClient,
  image: string,
  described: Described,
  contents: TarContents,
  examination: Examination,
  blobs: BlobOptions,
  { platform, signal }: InspectOptions,
): Promise<Saved["layers"]> {
  const manifest = async (descriptor: Descriptor): Promise<Saved["layers"]> => {
    await examineDescriptor(contents, descriptor, examination, blobs);
    return blobs.content ? "config" : "manifest";
  };
  // In containerd's store the ID is the digest of what the layout's table points at. The classic store's ID is of the config,
  // and the manifests in its layouts are made up for the occasion.
  const descriptors =
    (await contents.read("index.json")) === undefined ? [] : await readLayoutIndex(contents, image);
  const root = descriptors.find(({ digest }) => digest === described.id);
  if (root !== undefined) {
    const found = await manifest(root);
    const isIndex = indexTypes.includes(root.mediaType);
    // What was not asked for is not what would run; otherwise the engine saves whatever it has.
    const held = isIndex && platform === undefined ? await listHeld(client, described.id, signal) : undefined;
    examination.lieElsewhere((digest) => held?.some((one) => one.digest === digest && one.isHeld) ?? false);
    return found;
  }

  const [saved, ...others] = await readSavedImages(contents, image);
  const config = saved === undefined || others.length > 0 ? undefined : await contents.read(saved.config);
  if (saved !== undefined && config?.digest === described.id) {
    await examineSavedImage(contents, saved, examination);
    return "config";
  }
  const [only, ...rest] = descriptors;
  // Of an image with several platforms of which it has one, containerd's store may save that one alone.
  if (only !== undefined && rest.length === 0 && (await kindInStore(client, signal)) === undefined) {
    return manifest(only);
  }
  if (saved !== undefined && others.length === 0 && config !== undefined) {
    examination.corrupt("config", say("id-differs", { found: config.digest, id: described.id }));
    return "config";
  }
  throw client.failure(say("engine-saved-another", { image }));
}

/**
 * The file that the daemon says is not what the image's layers had. The classic store compares files with what it unpacked when it puts a
 * layer together again (tar-split); one that was deleted it fails to open.
 */
function damagedFile(message: string): { path: string; kind: "content" | "removed" } | undefined {
  const altered = /file integrity checksum failed for "(?:\.\/)?([^"]*)"/.exec(message)?.[1];
  if (altered !== undefined) return { path: altered, kind: "content" };
  const gone = /(?:\/overlay2\/[^/]+\/diff|\/vfs\/dir\/[^/]+)\/(.+): no such file or directory/.exec(
    message,
  )?.[1];
  return gone === undefined ? undefined : { path: gone, kind: "removed" };
}

/**
 * What a daemon on containerd's store says of a blob that is not what its name says. The answer has begun by then: its error follows
 * the bytes that were sent.
 * @param tail the end of the answer
 */
function alteredBlob(tail: Uint8Array): Message | undefined {
  const message = /\{"errorDetail":\{"message":"unexpected digest (sha256:[0-9a-f]{64}) copied"/.exec(
    Buffer.from(tail).toString("latin1"),
  );
  return message === null ? undefined : say("digest-is-not-name", { found: message[1] ?? "" });
}
