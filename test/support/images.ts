import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { packTar } from "modern-tar";
import { onTestFinished } from "vitest";
import type { Digest } from "../../src/digest/digest.ts";

/** Files of a layout or archive by name; a string is a symbolic link's target. */
export type Files = Map<string, Uint8Array | string>;

export const types = {
  index: "application/vnd.oci.image.index.v1+json",
  manifest: "application/vnd.oci.image.manifest.v1+json",
  config: "application/vnd.oci.image.config.v1+json",
  layer: "application/vnd.oci.image.layer.v1.tar",
  dockerManifest: "application/vnd.docker.distribution.manifest.v2+json",
};

export function sha256(bytes: Uint8Array): Digest {
  return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

export function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export interface TestImage {
  readonly config: Uint8Array;
  readonly layers: readonly Uint8Array[];
}

/** An image whose layers hold one small file each. */
export async function makeImage(
  options: { contents?: readonly string[]; architecture?: string; variant?: string } = {},
): Promise<TestImage> {
  const layers = await Promise.all(
    (options.contents ?? ["first", "second"]).map((content, index) =>
      tar(new Map([[`file${index}`, Buffer.from(content)]])),
    ),
  );
  const config = json({
    architecture: options.architecture ?? "amd64",
    ...(options.variant === undefined ? {} : { variant: options.variant }),
    os: "linux",
    config: { Cmd: ["/bin/true"] },
    rootfs: { type: "layers", diff_ids: layers.map(sha256) },
  });
  return { config, layers };
}

export async function tar(files: Files): Promise<Uint8Array> {
  return packTar(
    [...files].map(([name, content]) =>
      typeof content === "string"
        ? { header: { name, size: 0, type: "symlink" as const, linkname: content, mtime: new Date(0) } }
        : { header: { name, size: content.length, mtime: new Date(0) }, body: content },
    ),
  );
}

/** A blob put into a layout, as the descriptor that points at it. */
export function put(files: Files, mediaType: string, bytes: Uint8Array) {
  const digest = sha256(bytes);
  files.set(`blobs/sha256/${digest.slice(7)}`, bytes);
  return { mediaType, digest, size: bytes.length };
}

/** Puts an image's config, layers and manifest, and gives the manifest's descriptor. */
export function putImage(
  files: Files,
  image: TestImage,
  options: { gzip?: boolean; manifest?: object } = {},
) {
  const config = put(files, types.config, image.config);
  const layers = image.layers.map((layer) =>
    options.gzip ? put(files, `${types.layer}+gzip`, gzipSync(layer)) : put(files, types.layer, layer),
  );
  return put(
    files,
    types.manifest,
    json({ schemaVersion: 2, mediaType: types.manifest, config, layers, ...options.manifest }),
  );
}

export function putTable(files: Files, manifests: readonly object[]): Files {
  files.set("oci-layout", json({ imageLayoutVersion: "1.0.0" }));
  files.set("index.json", json({ schemaVersion: 2, manifests }));
  return files;
}

/** An OCI layout with one image tagged 1.0. */
export function ociLayout(image: TestImage, options: { gzip?: boolean; annotations?: object } = {}): Files {
  const files: Files = new Map();
  const descriptor = putImage(files, image, options);
  const annotations = { "org.opencontainers.image.ref.name": "1.0", ...options.annotations };
  return putTable(files, [{ ...descriptor, annotations }]);
}

/** An archive as Docker 20.10 saves it: a directory for each layer, a link in the place of a layer that repeats. */
export function legacyArchive(image: TestImage, tags: readonly string[] | null = ["acme/app:1.0"]): Files {
  const files: Files = new Map();
  const config = `${sha256(image.config).slice(7)}.json`;
  const first = new Map<Digest, string>();
  const layers = image.layers.map((layer, index) => {
    const name = `${sha256(Buffer.from(`layer ${index}`)).slice(7)}/layer.tar`;
    files.set(name.replace("layer.tar", "VERSION"), Buffer.from("1.0"));
    const earlier = first.get(sha256(layer));
    files.set(name, earlier === undefined ? layer : `../${earlier}`);
    if (earlier === undefined) first.set(sha256(layer), name);
    return name;
  });
  files.set(config, image.config);
  files.set("manifest.json", json([{ Config: config, RepoTags: tags, Layers: layers }]));
  return files;
}

/** An archive as Docker 25 and later save it: an OCI layout whose manifest is made up, and the old table beside it. */
export function modernArchive(image: TestImage, tags: readonly string[] | null = ["acme/app:1.0"]): Files {
  const files = ociLayout(image, { annotations: { "io.containerd.image.name": "docker.io/acme/app:1.0" } });
  const name = (bytes: Uint8Array) => `blobs/sha256/${sha256(bytes).slice(7)}`;
  files.set(
    "manifest.json",
    json([{ Config: name(image.config), RepoTags: tags, Layers: image.layers.map(name) }]),
  );
  return files;
}

/** A directory of the test's own, removed after it. */
export async function testDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "daochain-test-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

export async function writeLayout(files: Files): Promise<string> {
  const directory = join(await testDirectory(), "app");
  for (const [name, content] of files) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), content);
  }
  return directory;
}

export async function writeArchive(bytes: Uint8Array, name = "app.tar"): Promise<string> {
  const path = join(await testDirectory(), name);
  await writeFile(path, bytes);
  return path;
}

/** The code of the DaoChainError that a promise rejects with; any other error fails the test by its own name. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    return error instanceof Error && "code" in error && error.name === "DaoChainError"
      ? String(error.code)
      : String(error);
  }
  return "no error";
}
