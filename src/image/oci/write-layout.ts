import { createHash, randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Digest } from "../../digest/digest.ts";
import { failure } from "../../errors.ts";
import { isFull, noSpace, systemReason } from "../../files.ts";

/** Entries of a layer: regular files with mode 0644 and the epoch as their time, so that equal files give equal digests. */
export function tarEntries(files: Readonly<Record<string, string>>) {
  return Object.entries(files).map(([name, content]) => {
    const body = Buffer.from(content);
    return {
      header: { name, size: body.length, type: "file" as const, mode: 0o644, mtime: new Date(0) },
      body,
    };
  });
}

/** What was written. */
export interface WrittenLayout {
  readonly config: Digest;
  readonly manifest: Digest;
}

/**
 * Writes an OCI layout with one image of one layer (OCI image-spec 1.1). An earlier layout in the directory is replaced only when
 * the new one is complete.
 * @param options.directory of its own; its parent must exist or be makeable
 * @param options.tag becomes org.opencontainers.image.ref.name
 * @param options.files content by path
 * @param options.annotations of the descriptor in index.json, such as io.containerd.image.name
 * @param options.compression of the layer; default none
 * @throws LAYOUT_NOT_REPLACED where the directory holds something else; NO_SPACE; LAYOUT_UNWRITABLE where it cannot be written
 */
export async function writeOciLayout(options: {
  readonly directory: string;
  readonly tag: string;
  readonly files: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>> | undefined;
  readonly compression?: "none" | "gzip" | undefined;
}): Promise<WrittenLayout> {
  const documents = new Map<string, Uint8Array>();
  const add = (mediaType: string, bytes: Uint8Array) => {
    const digest = sha256(bytes);
    documents.set(join("blobs", "sha256", digest.slice(7)), bytes);
    return { mediaType, digest, size: bytes.length };
  };
  const json = (value: unknown) => Buffer.from(JSON.stringify(value));

  const { packTar } = await import("modern-tar");
  const tar = await packTar(tarEntries(options.files));
  const gzip = options.compression === "gzip";
  const layer = add(
    `application/vnd.oci.image.layer.v1.tar${gzip ? "+gzip" : ""}`,
    gzip ? gzipSync(tar) : tar,
  );
  const config = add(
    "application/vnd.oci.image.config.v1+json",
    json({
      architecture: "amd64",
      os: "linux",
      config: {},
      rootfs: { type: "layers", diff_ids: [sha256(tar)] },
    }),
  );
  const mediaType = "application/vnd.oci.image.manifest.v1+json";
  const manifest = add(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
  const annotations = { ...options.annotations, "org.opencontainers.image.ref.name": options.tag };
  documents.set("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  documents.set("index.json", json({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));

  await replaceDirectory(options.directory, documents);
  return { config: config.digest, manifest: manifest.digest };
}

async function replaceDirectory(
  directory: string,
  documents: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  const present = await readdir(directory).catch((): string[] => []);
  if (present.length > 0 && !present.includes("oci-layout")) {
    throw failure("LAYOUT_NOT_REPLACED", { directory });
  }
  const draft = `${directory}.${randomUUID()}`;
  try {
    for (const [name, bytes] of documents) {
      await mkdir(dirname(join(draft, name)), { recursive: true });
      await writeFile(join(draft, name), bytes);
    }
    await rm(directory, { recursive: true, force: true });
    await rename(draft, directory);
  } catch (cause) {
    await rm(draft, { recursive: true, force: true }).catch(() => {});
    if (isFull(cause)) throw noSpace(directory, cause);
    throw failure("LAYOUT_UNWRITABLE", { directory, reason: systemReason(cause) }, { cause });
  }
}

function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}
