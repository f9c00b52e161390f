import type { Digest, DigestKind } from "../digest/digest.ts";
import { DaoChainError } from "../errors.ts";
import { Budget } from "./blob.ts";
import { examineSavedImage, readSavedImages } from "./docker-archive.ts";
import { CALL_TIME, DockerClient, IDLE_TIME, isContainerdStore } from "./docker-client.ts";
import type { DockerOptions } from "./docker-endpoint.ts";
import { Examination, formatPlatform, runtimeUnsupported } from "./examination.ts";
import { cancellable } from "./file.ts";
import type { ImageFacts, ImageName, ImageSource, InspectOptions } from "./image.ts";
import { digestMember, member, sizeMember, stringMember, stringsMember, toObject } from "./json.ts";
import { examineDescriptor, indexTypes, manifestTypes, readLayoutIndex } from "./oci.ts";
import { type ParsedReference, tryNamedReference } from "./reference.ts";
import { readTar, type TarContents } from "./tar.ts";

type DaemonReference = Extract<ParsedReference, { readonly transport: "docker-daemon" }>;

/** What the daemon says of an image. */
interface Described {
  readonly id: Digest;
  /** what the ID is a digest of, where the daemon says so */
  readonly kind: DigestKind | undefined;
  /** empty where the daemon has none of the image's platforms */
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
  readonly size: number;
  readonly tags: readonly string[];
}

const what = "description by the Docker daemon";

/** An image in a Docker daemon, in its classic store or in containerd's. */
export function dockerImage(
  image: string,
  reference: DaemonReference,
  options: DockerOptions = {},
): ImageSource {
  return {
    image,
    transport: "docker-daemon",
    inspect: (inspection = {}) =>
      cancellable(inspection.signal, async () =>
        inspect(await DockerClient.prepare(options), image, reference, inspection),
      ),
  };
}

async function inspect(
  client: DockerClient,
  image: string,
  reference: DaemonReference,
  options: InspectOptions,
): Promise<ImageFacts> {
  if (options.depth === "runtime") throw runtimeUnsupported(image);
  await client.ping(options.signal);
  const described = await describe(client, image, reference, options.signal);
  const name = nameOf(reference, described);
  const transport = "docker-daemon";
  const examination = new Examination();
  if (options.depth === "id") {
    const kind = described.kind ?? (await kindInStore(client, options.signal));
    if (kind !== undefined) {
      const { os, architecture, variant } = described;
      examination.add(kind, described.id, kind === "index" ? "" : formatPlatform(os, architecture, variant));
      return examination.facts(image, transport, { name, depth: "id", bytes: 0, id: described.id });
    }
    // An older daemon on containerd's store does not say what its ID is of; the image itself does.
  }
  const bytes = await examineContent(client, image, described, examination, options);
  return examination.facts(image, transport, { name, depth: "content", bytes, id: described.id });
}

async function describe(
  client: DockerClient,
  image: string,
  reference: DaemonReference,
  signal: AbortSignal | undefined,
): Promise<Described> {
  const { status, json, message } = await client.call(`/images/${reference.query}/json`, { signal });
  if (status === 404) {
    throw new DaoChainError("IMAGE_NOT_FOUND", `The Docker daemon at ${client.host} has no image ${image}.`, {
      hint: reference.explicit
        ? "See docker image ls for those it has."
        : "Build or pull it first, or check its name.",
    });
  }
  if (status !== 200) throw client.failure(`could not describe ${image} (status ${status}): ${message}`);
  return toDescribed(json);
}

function toDescribed(json: unknown): Described {
  const object = toObject(json, what);
  const id = digestMember(object, "Id", what);
  const descriptor = member(object, "Descriptor", what);
  let kind: DigestKind | undefined;
  if (descriptor !== undefined && descriptor !== null) {
    const { mediaType, digest } = { ...toObject(descriptor, what) };
    if (digest === id && typeof mediaType === "string") {
      if (indexTypes.includes(mediaType)) kind = "index";
      if (manifestTypes.includes(mediaType)) kind = "manifest";
    }
  }
  return {
    id,
    kind,
    os: stringMember(object, "Os", what) ?? "",
    architecture: stringMember(object, "Architecture", what) ?? "",
    variant: stringMember(object, "Variant", what),
    size: sizeMember(object, "Size", what),
    tags: stringsMember(object, "RepoTags", what, 10_000),
  };
}

/** The name typed; of an image that was named by its ID, the first that it has. */
function nameOf(reference: DaemonReference, { id, tags }: Described): ImageName | undefined {
  const names = tags.map(tryNamedReference).filter((name) => name !== undefined);
  const { named } = reference;
  const byId =
    reference.maybeId &&
    (named === undefined ||
      (id.slice(7).startsWith(reference.query) &&
        !names.some((name) => name.repository === named.repository && name.tag === named.tag)));
  const name = byId ? names[0] : named;
  return name === undefined ? undefined : { repository: name.repository, tag: name.tag, carried: true };
}

async function kindInStore(
  client: DockerClient,
  signal: AbortSignal | undefined,
): Promise<DigestKind | undefined> {
  const { status, json, message } = await client.call("/info", { signal });
  if (status !== 200) throw client.failure(`could not describe itself (status ${status}): ${message}`);
  return isContainerdStore(json) ? undefined : "config";
}

/** Reads the image as the daemon saves it, by ID, so that a tag that moves meanwhile changes nothing. */
async function examineContent(
  client: DockerClient,
  image: string,
  described: Described,
  examination: Examination,
  options: InspectOptions,
): Promise<number> {
  // The classic store writes the whole image to a file of its own before it sends the first byte.
  const time = CALL_TIME + IDLE_TIME + described.size / 10_000;
  const { signal } = options;
  const answer = await client.open(`/images/${described.id}/get`, { signal, time });
  if (answer.status !== 200) {
    const message = await client.readMessage(answer);
    const file = damagedFile(message);
    if (file !== undefined) {
      examination.corrupt(file, `the Docker daemon says: ${message}`);
      return 0;
    }
    throw client.failure(`could not save ${image} (status ${answer.status}): ${message}`);
  }
  let bytes = 0;
  const contents = await readTar(answer.body, new Budget(), (length) => {
    answer.touch();
    bytes += length;
    options.onProgress?.({ bytes, total: undefined });
  }).catch((error: unknown) => {
    throw client.broken(error);
  });
  if (contents.damage !== undefined) {
    throw client.failure(`sent ${image} incompletely: ${contents.damage}`, {
      hint: "Its log may say why; a damaged image in its store is one reason. Pull or build the image again.",
    });
  }
  await examineSaved(client, image, described, contents, examination, signal);
  return bytes;
}

async function examineSaved(
  client: DockerClient,
  image: string,
  described: Described,
  contents: TarContents,
  examination: Examination,
  signal: AbortSignal | undefined,
): Promise<void> {
  // In containerd's store the ID is the digest of what the layout's table points at. The classic store's ID is of the config,
  // and the manifests in its layouts are made up for the occasion.
  const descriptors =
    (await contents.read("index.json")) === undefined ? [] : await readLayoutIndex(contents, image);
  const root = descriptors.find(({ digest }) => digest === described.id);
  if (root !== undefined) return examineDescriptor(contents, root, examination, true);

  const [saved, ...others] = await readSavedImages(contents, image);
  const config = saved === undefined || others.length > 0 ? undefined : await contents.read(saved.config);
  if (saved !== undefined && config?.digest === described.id) {
    await examineSavedImage(contents, saved, examination);
    return;
  }
  const [only, ...rest] = descriptors;
  // Of an image with several platforms of which it has one, containerd's store may save that one alone.
  if (only !== undefined && rest.length === 0 && (await kindInStore(client, signal)) === undefined) {
    return examineDescriptor(contents, only, examination, true);
  }
  if (saved !== undefined && others.length === 0 && config !== undefined) {
    examination.corrupt("config", `its digest is ${config.digest}, the image's ID ${described.id}`);
    return;
  }
  throw client.failure(`saved something else than ${image}`);
}

/**
 * The file that the daemon says is not what the image's layers had. The classic store compares files with what it unpacked when it puts a
 * layer together again (tar-split); one that was deleted it fails to open.
 */
function damagedFile(message: string): string | undefined {
  return (
    /file integrity checksum failed for "(?:\.\/)?([^"]*)"/.exec(message)?.[1] ??
    /(?:\/overlay2\/[^/]+\/diff|\/vfs\/dir\/[^/]+)\/(.+): no such file or directory/.exec(message)?.[1]
  );
}
