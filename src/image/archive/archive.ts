import { pipeline, type Readable } from "node:stream";
import { failure, systemErrorCode } from "../../errors.ts";
import { joined } from "../../messages/joined.ts";
import { say } from "../../messages/message.ts";
import { Budget, createDecompressor, detectCompression } from "../blob.ts";
import { Examination } from "../examination.ts";
import { cancellable, openRegularFile, unreadableFile } from "../file.ts";
import type { ImageFacts, ImageName, ImageSource, InspectOptions } from "../image.ts";
import { chooseDescriptor, layoutImageName, nameFromPath } from "../oci/choose-image.ts";
import { indexTypes } from "../oci/documents.ts";
import { examineDescriptor } from "../oci/oci.ts";
import { formatImageName, type ParsedReference } from "../reference.ts";
import { readTar, type TarContents } from "../tar/tar.ts";
import { chooseSavedImage, examineSavedImage } from "./docker-archive.ts";
import { allNames, allOfImage, readArchiveTables, requireSameImages } from "./tables.ts";

type ArchiveReference = Extract<ParsedReference, { readonly transport: "docker-archive" | "oci-archive" }>;

const CHUNK = 1024 * 1024;
const everything = { content: true, tree: true };

/** An image in an archive of `docker save`, or in an OCI layout packed into one file; plain, or compressed with gzip or zstd. */
export function archiveImage(image: string, reference: ArchiveReference): ImageSource {
  return {
    image,
    transport: reference.transport,
    inspect: (options = {}) => cancellable(options.signal, () => inspectArchive(image, reference, options)),
  };
}

async function inspectArchive(
  image: string,
  reference: ArchiveReference,
  options: InspectOptions,
): Promise<ImageFacts> {
  const { contents, bytes } = await readArchive(image, reference.path, options);
  const examination = new Examination(undefined, options);
  let names: readonly ImageName[] = [];
  if (contents.damage !== undefined)
    examination.corrupt(reference.path, say("archive-damaged", { damage: contents.damage }));
  else if (reference.transport === "oci-archive")
    names = await examineLaid(contents, image, reference, examination);
  else names = await examineSaved(contents, image, reference, examination);
  const [name, ...otherNames] = names;
  return examination.facts(image, reference.transport, {
    name,
    otherNames,
    depth: options.depth === "runtime" ? "runtime" : "content",
    bytes,
  });
}

/** @returns what loading the archive calls the image, the name that was asked for first */
async function examineLaid(
  contents: TarContents,
  image: string,
  { path, tag }: { readonly path: string; readonly tag: string | undefined },
  examination: Examination,
): Promise<ImageName[]> {
  const tables = await readArchiveTables(contents, image, "index.json");
  const all = tables.laid.flatMap(({ descriptors }) => descriptors);
  const descriptor = chooseDescriptor(all, tag, image);
  const chosen = tables.laid.filter(({ digest }) => digest === descriptor.digest)[0];
  const one = allOfImage(tables, chosen === undefined ? {} : { laid: chosen });
  await examineDescriptor(contents, descriptor, examination, everything);
  if (examination.corruptions.length === 0) {
    await requireSameImages(contents, image, tables);
    for (const { descriptors, digest } of one.laid)
      if (digest !== descriptor.digest)
        await examineDescriptor(contents, descriptors[0], examination, everything);
    for (const saved of one.saved) await examineSavedImage(contents, saved, examination);
  }
  noteOthers(
    examination,
    tables.laid.filter((other) => !one.laid.includes(other)),
  );
  const own = layoutImageName(descriptor, path, tag);
  const names = allNames(own.carried ? [own] : [], one);
  return names.length > 0 ? names : [own];
}

/** @returns as `examineLaid` */
async function examineSaved(
  contents: TarContents,
  image: string,
  reference: Extract<ArchiveReference, { readonly transport: "docker-archive" }>,
  examination: Examination,
): Promise<ImageName[]> {
  const tables = await readArchiveTables(contents, image, "manifest.json");
  const { saved: chosen, name } = chooseSavedImage(tables.saved, reference, image);
  const one = allOfImage(tables, { saved: chosen });
  await examineSavedImage(contents, chosen, examination);
  if (examination.corruptions.length === 0) {
    await requireSameImages(contents, image, tables);
    for (const saved of one.saved)
      if (saved !== chosen) await examineSavedImage(contents, saved, examination);
    for (const { descriptors } of one.laid) {
      const [descriptor] = descriptors;
      // Docker makes up a manifest for the occasion, so that one alone is no identity. An index holds other images too.
      const seen = indexTypes.includes(descriptor.mediaType) ? examination : new Examination();
      await examineDescriptor(contents, descriptor, seen, everything);
      if (seen !== examination)
        for (const { at, detail } of seen.corruptions) examination.corrupt(at, detail);
    }
  }
  noteOthers(
    examination,
    tables.saved.filter((other) => !one.saved.includes(other)),
  );
  const names = allNames(name === undefined ? [] : [name], one);
  return names.length > 0 ? names : [nameFromPath(reference.path, "latest")];
}

/** Images that come with the one chosen: whoever chose it knows of them, and asks about them by their own names. */
function noteOthers(
  examination: Examination,
  others: readonly { readonly names: readonly ImageName[]; readonly digest: string | undefined }[],
): void {
  if (others.length === 0) return;
  const shown = others
    .slice(0, 5)
    .map(({ names: [name], digest }) =>
      name === undefined ? (digest ?? say("without-config")) : formatImageName(name),
    );
  examination.note(say("archive-others", { images: joined(shown, others.length - shown.length) }));
}

/** One pass over the file; what fails on the way counts as damage, unless it is the disk's doing. */
async function readArchive(
  image: string,
  path: string,
  options: InspectOptions,
): Promise<{ contents: TarContents; bytes: number }> {
  const file = await openRegularFile(path, image);
  if (file === undefined) {
    throw failure("IMAGE_FILE_NOT_FOUND", { image, kind: say("a-file"), path });
  }
  try {
    const { buffer: head } = await file.handle.read({ buffer: Buffer.alloc(8), position: 0 });
    const compression = detectCompression(head);
    if (compression === "unsupported") {
      throw failure("ARCHIVE_COMPRESSION_UNSUPPORTED", { image });
    }
    const stream = file.handle.createReadStream({ highWaterMark: CHUNK, start: 0, autoClose: false });
    const input: Readable =
      compression === "gzip" || compression === "zstd"
        ? pipeline(stream, createDecompressor(compression), () => {})
        : stream;
    const contents = await readTar(input, {
      budget: new Budget(),
      blobs: everything,
      onBytes: () => {
        options.signal?.throwIfAborted();
        options.onProgress?.({ bytes: stream.bytesRead, total: file.size });
      },
    }).catch((error: unknown): TarContents => {
      const code = systemErrorCode(error);
      if (code === undefined) throw error;
      if (!/^(?:Z|ZSTD)_/.test(code)) throw unreadableFile(path, image, error);
      return { damage: `${say("data-broken", { compression })}`, names: [], read: async () => undefined };
    });
    stream.destroy();
    return { contents, bytes: stream.bytesRead };
  } finally {
    await file.handle.close();
  }
}
