import { pipeline, type Readable } from "node:stream";
import { DaoChainError, systemErrorCode } from "../../errors.ts";
import { Budget, createDecompressor, detectCompression } from "../blob.ts";
import { Examination } from "../examination.ts";
import { cancellable, openRegularFile, unreadableFile } from "../file.ts";
import type { ImageFacts, ImageName, ImageSource, InspectOptions } from "../image.ts";
import { chooseDescriptor, layoutImageName, nameFromPath } from "../oci/choose-image.ts";
import { examineDescriptor, readLayoutIndex } from "../oci/oci.ts";
import type { ParsedReference } from "../reference.ts";
import { readTar, type TarContents } from "../tar/tar.ts";
import { chooseSavedImage, examineSavedImage, readSavedImages } from "./docker-archive.ts";

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
  let name: ImageName | undefined;
  if (contents.damage !== undefined)
    examination.corrupt(reference.path, `the archive is damaged: ${contents.damage}`);
  else if (reference.transport === "oci-archive") {
    const descriptor = chooseDescriptor(await readLayoutIndex(contents, image), reference.tag, image);
    name = layoutImageName(descriptor, reference.path, reference.tag);
    await examineDescriptor(contents, descriptor, examination, everything);
  } else {
    const { saved, name: named } = chooseSavedImage(
      await readSavedImages(contents, image),
      reference.named,
      image,
    );
    name =
      named === undefined
        ? nameFromPath(reference.path, "latest")
        : { repository: named.repository, tag: named.tag, carried: true };
    await examineSavedImage(contents, saved, examination);
  }
  return examination.facts(image, reference.transport, {
    name,
    depth: options.depth === "runtime" ? "runtime" : "content",
    bytes,
  });
}

/** One pass over the file; what fails on the way counts as damage, unless it is the disk's doing. */
async function readArchive(
  image: string,
  path: string,
  options: InspectOptions,
): Promise<{ contents: TarContents; bytes: number }> {
  const file = await openRegularFile(path, image);
  if (file === undefined) {
    throw new DaoChainError("IMAGE_NOT_FOUND", `${image} cannot be found: there is no file ${path}.`);
  }
  try {
    const { buffer: head } = await file.handle.read({ buffer: Buffer.alloc(8), position: 0 });
    const compression = detectCompression(head);
    if (compression === "unsupported") {
      throw new DaoChainError(
        "IMAGE_UNSUPPORTED",
        `${image} is compressed with something other than gzip or zstd.`,
      );
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
      return { damage: `its ${compression} data is broken`, read: async () => undefined };
    });
    stream.destroy();
    return { contents, bytes: stream.bytesRead };
  } finally {
    await file.handle.close();
  }
}
