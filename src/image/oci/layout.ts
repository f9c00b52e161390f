import { stat } from "node:fs/promises";
import { join } from "node:path";
import { failure, systemErrorCode } from "../../errors.ts";
import { JSON_LIMIT } from "../../json.ts";
import { say } from "../../messages/message.ts";
import { type BlobFacts, BlobReader, type BlobRole, type BlobStore, Budget } from "../blob.ts";
import { Examination } from "../examination.ts";
import { cancellable, openRegularFile, readPieces, unreadableFile } from "../file.ts";
import type { ImageSource, InspectOptions } from "../image.ts";
import { chooseDescriptor, layoutImageName } from "./choose-image.ts";
import { examineDescriptor, readLayoutIndex } from "./oci.ts";

/** An image in an OCI layout directory (OCI image-spec 1.1, image-layout.md). */
export function ociLayoutImage(
  image: string,
  reference: { readonly path: string; readonly tag: string | undefined },
): ImageSource {
  const transport = "oci";
  return {
    image,
    transport,
    inspect: (options = {}) =>
      cancellable(options.signal, async () => {
        const depth = options.depth ?? "content";
        const isRead = depth === "content" || depth === "runtime";
        const content = options.thorough !== false || depth === "runtime";
        await requireDirectory(reference.path, image);
        const store = new DirectoryStore(reference.path, image, options);
        const descriptor = chooseDescriptor(await readLayoutIndex(store, image), reference.tag, image);
        const examination = new Examination(undefined, options);
        await examineDescriptor(
          store,
          descriptor,
          examination,
          isRead ? { content, tree: content } : undefined,
        );
        return examination.facts(image, transport, {
          name: layoutImageName(descriptor, reference.path, reference.tag),
          depth: isRead ? depth : "manifest",
          layers: !isRead ? "unread" : content ? "config" : "manifest",
          bytes: store.bytes,
        });
      }),
  };
}

async function requireDirectory(path: string, image: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (cause) {
    if (systemErrorCode(cause) === "ENOENT") {
      throw failure("IMAGE_FILE_NOT_FOUND", { image, kind: say("a-directory"), path });
    }
    throw unreadableFile(path, image, cause);
  }
  throw failure("LAYOUT_NOT_A_DIRECTORY", { image, path });
}

class DirectoryStore implements BlobStore {
  readonly #directory: string;
  readonly #image: string;
  readonly #options: InspectOptions;
  readonly #budget = new Budget();
  bytes = 0;

  constructor(directory: string, image: string, options: InspectOptions) {
    this.#directory = directory;
    this.#image = image;
    this.#options = options;
  }

  async read(name: string, size: number = JSON_LIMIT, as?: BlobRole): Promise<BlobFacts | undefined> {
    const path = join(this.#directory, name);
    const file = await openRegularFile(path, this.#image);
    if (file === undefined) return undefined;
    const blob = new BlobReader(this.#budget, as?.options);
    // The byte at `size` is one too many: seeing it is enough to know.
    try {
      for await (const chunk of readPieces(file.handle, size + 1)) {
        this.#options.signal?.throwIfAborted();
        this.bytes += chunk.length;
        this.#options.onProgress?.({ bytes: this.bytes, total: undefined });
        const wait = blob.write(chunk);
        if (wait !== undefined) await wait;
      }
      return await blob.end();
    } catch (error) {
      throw systemErrorCode(error) === undefined ? error : unreadableFile(path, this.#image, error);
    } finally {
      blob.destroy();
      await file.handle.close();
    }
  }
}
