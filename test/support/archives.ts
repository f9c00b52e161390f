import { gzipSync } from "node:zlib";
import {
  type Files,
  json,
  makeImage,
  put,
  putImage,
  putTable,
  sha256,
  type TestImage,
  types,
} from "./images.ts";

/** A tar archive without entries. */
const emptyLayer = Buffer.alloc(1024);
const hex = (bytes: Uint8Array) => sha256(bytes).slice(7);
const blob = (bytes: Uint8Array) => `blobs/sha256/${hex(bytes)}`;

/** An image that says of itself which it is, in a label. */
export async function markedImage(mark: string, architecture = "amd64"): Promise<TestImage> {
  const { layers } = await makeImage({ contents: [`${mark} one`, `${mark} two`] });
  const created = "2026-01-01T00:00:00Z";
  const config = json({
    created,
    architecture,
    os: "linux",
    config: { Cmd: ["/bin/true"], Labels: { is: mark } },
    rootfs: { type: "layers", diff_ids: layers.map(sha256) },
    history: layers.map(() => ({ created })),
  });
  return { config, layers };
}

/** One line of a manifest.json. */
interface Line {
  readonly image: TestImage;
  readonly tags?: readonly string[] | null;
  /** where its config and layers lie; as blobs of a layout unless told */
  readonly config?: string;
  readonly layers?: readonly string[];
}

/** Puts images by manifest.json. */
export function putSaved(files: Files, lines: readonly Line[]): Files {
  const table = lines.map(({ image, tags = ["acme/app:1.0"], config = blob(image.config), layers }) => {
    const names = layers ?? image.layers.map(blob);
    files.set(config, image.config);
    for (const [at, layer] of image.layers.entries()) {
      const name = names[at] ?? "";
      if (!files.has(name)) files.set(name, name.endsWith("gz") ? gzipSync(layer) : layer);
    }
    return { Config: config, RepoTags: tags, Layers: names };
  });
  return files.set("manifest.json", json(table));
}

/** A descriptor as an entry of index.json, as Docker and containerd name it. */
export function named(descriptor: object, name: string | undefined): object {
  if (name === undefined) return descriptor;
  const annotations = {
    "io.containerd.image.name": name,
    "org.opencontainers.image.ref.name": name.slice(name.lastIndexOf(":") + 1),
  };
  return { ...descriptor, annotations };
}

/** An index of images, and what BuildKit puts beside them. */
export function putIndex(files: Files, images: readonly TestImage[], attested = false) {
  const children = images.map((image) => {
    const { os, architecture } = JSON.parse(Buffer.from(image.config).toString());
    return { ...putImage(files, image), platform: { os, architecture } };
  });
  const attestations = attested ? children.map(({ digest }) => putAttestation(files, digest)) : [];
  const manifests = [...children, ...attestations];
  return put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
}

function putAttestation(files: Files, digest: string) {
  const config = put(
    files,
    types.config,
    json({
      architecture: "unknown",
      os: "unknown",
      config: {},
      rootfs: { type: "layers", diff_ids: [digest] },
    }),
  );
  const layers = [put(files, "application/vnd.in-toto+json", json({ subject: digest }))];
  const manifest = put(
    files,
    types.manifest,
    json({ schemaVersion: 2, mediaType: types.manifest, config, layers }),
  );
  return {
    ...manifest,
    platform: { os: "unknown", architecture: "unknown" },
    annotations: {
      "vnd.docker.reference.type": "attestation-manifest",
      "vnd.docker.reference.digest": digest,
    },
  };
}

/** The tables of Docker before 1.10: a directory for each layer, and names that point at the topmost. */
export function putLegacy(
  files: Files,
  image: TestImage,
  names: readonly string[] | undefined,
  id = (layer: Uint8Array) => hex(Buffer.from(`layer ${sha256(layer)}`)),
): Files {
  const ids = image.layers.map(id);
  for (const [at, layer] of image.layers.entries()) {
    const isTop = at === image.layers.length - 1;
    const { rootfs, history, ...config } = JSON.parse(Buffer.from(image.config).toString());
    const description = {
      id: ids[at],
      ...(at > 0 ? { parent: ids[at - 1] } : {}),
      created: "2026-01-01T00:00:00Z",
      ...(isTop ? config : { container_config: { Cmd: null } }),
    };
    files.set(`${ids[at]}/VERSION`, Buffer.from("1.0"));
    files.set(`${ids[at]}/json`, json(description));
    if (!files.has(`${ids[at]}/layer.tar`)) files.set(`${ids[at]}/layer.tar`, layer);
  }
  if (names !== undefined) files.set("repositories", repositories(names, ids.at(-1) ?? ""));
  return files;
}

export function repositories(names: readonly string[], id: string): Buffer {
  const table: Record<string, Record<string, string>> = {};
  for (const name of names) {
    const colon = name.lastIndexOf(":");
    const repository = name.slice(0, colon);
    table[repository] = { ...table[repository], [name.slice(colon + 1)]: id };
  }
  return json(table);
}

/** As Docker 1.10 to 24 write it. */
export function dockerLegacy(image: TestImage, names = ["acme/app:1.0"]): Files {
  const id = (layer: Uint8Array) => hex(Buffer.from(`layer ${sha256(layer)}`));
  const layers = image.layers.map((layer) => `${id(layer)}/layer.tar`);
  const files = putLegacy(new Map(), image, names);
  return putSaved(files, [{ image, tags: names, config: `${hex(image.config)}.json`, layers }]);
}

/** As Docker 25 and later write it from the classic store. */
export function dockerModern(image: TestImage, names = ["acme/app:1.0"]): Files {
  const files: Files = new Map();
  const manifest = putImage(files, image);
  putTable(
    files,
    names.map((name) => named(manifest, `docker.io/${name}`)),
  );
  files.set("repositories", repositories(names, hex(image.layers.at(-1) ?? emptyLayer)));
  return putSaved(files, [{ image, tags: names }]);
}

/** As containerd writes it, and Docker from containerd's store: everything under an index, one platform of it in manifest.json. */
export function containerdExport(
  images: readonly [TestImage, ...TestImage[]],
  names = ["acme/app:1.0"],
): Files {
  const files: Files = new Map();
  const index = putIndex(files, images, true);
  putTable(
    files,
    names.map((name) => named(index, `docker.io/${name}`)),
  );
  return putSaved(files, [{ image: images[0], tags: names }]);
}

/** Archives as the tools of the world write them. All hold the image as acme/app:1.0, but those without a name. */
export function toolArchives(
  image: TestImage,
  otherPlatform: TestImage,
): Record<string, { readonly transport: "docker-archive" | "oci-archive"; readonly files: Files }> {
  const docker = (files: Files) => ({ transport: "docker-archive" as const, files });
  const oci = (files: Files) => ({ transport: "oci-archive" as const, files });
  const layerNames = (suffix: string) => image.layers.map((layer) => `${hex(layer)}${suffix}`);

  const skopeo = putSaved(new Map(), [
    { image, config: `${hex(image.config)}.json`, layers: layerNames(".tar") },
  ]);
  for (const layer of image.layers)
    skopeo.set(`${hex(Buffer.from(`layer ${sha256(layer)}`))}/layer.tar`, `../${hex(layer)}.tar`);
  putLegacy(skopeo, image, ["acme/app:1.0"]);

  // Its first table has a layer for each instruction, also for those that changed no file.
  const ruleDocker = putSaved(new Map(), [
    { image, config: `${hex(image.config)}.json`, layers: layerNames("/layer.tar") },
  ]);
  const [first = emptyLayer, ...rest] = image.layers;
  putLegacy(ruleDocker, { ...image, layers: [first, emptyLayer, ...rest] }, ["acme/app:1.0"]);

  const buildx: Files = new Map();
  putTable(buildx, [named(putImage(buildx, image, { gzip: true }), "docker.io/acme/app:1.0")]);
  putSaved(buildx, [{ image, layers: image.layers.map((layer) => blob(gzipSync(layer))) }]);

  const untagged = dockerLegacy(image, []);
  untagged.delete("repositories");

  const layout: Files = new Map();
  putTable(layout, [
    {
      ...putImage(layout, image, { gzip: true }),
      annotations: { "org.opencontainers.image.ref.name": "docker.io/acme/app:1.0" },
    },
  ]);
  const bare: Files = new Map();
  putTable(bare, [putImage(bare, image)]);

  return {
    "Docker 1.10 to 24": docker(dockerLegacy(image)),
    "Docker 1.10 to 24, by ID": docker(untagged),
    "Docker 25 and later": docker(dockerModern(image)),
    "Docker 25 and later, as a layout": oci(dockerModern(image)),
    "Docker on containerd's store": docker(containerdExport([image])),
    "Docker on containerd's store, as a layout": oci(containerdExport([image])),
    "ctr, all platforms": docker(containerdExport([image, otherPlatform])),
    "ctr, all platforms, as a layout": oci(containerdExport([image, otherPlatform])),
    "skopeo and buildah": docker(skopeo),
    buildx: docker(buildx),
    "kaniko and crane": docker(
      putSaved(new Map(), [{ image, config: sha256(image.config), layers: layerNames(".tar.gz") }]),
    ),
    jib: docker(putSaved(new Map(), [{ image, config: "config.json", layers: layerNames(".tar.gz") }])),
    "bazel, rules_docker": docker(ruleDocker),
    "bazel, rules_oci": docker(putSaved(new Map(), [{ image }])),
    nix: docker(
      putSaved(new Map(), [{ image, config: `${hex(image.config)}.json`, layers: layerNames("/layer.tar") }]),
    ),
    "skopeo and buildah, as a layout": oci(layout),
    umoci: oci(bare),
  };
}
