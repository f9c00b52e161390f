import { execFileSync } from "node:child_process";
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openImage } from "../../../../src/image/open.ts";
import {
  codeOf,
  type Files,
  json,
  makeImage,
  ociLayout,
  put,
  putImage,
  putTable,
  sha256,
  testDirectory,
  types,
  writeLayout,
} from "../../../support/images.ts";

async function inspect(files: Files, suffix = "") {
  const source = await openImage(`oci:${await writeLayout(files)}${suffix}`);
  return source.inspect();
}

const blobPath = (bytes: Uint8Array) => `blobs/sha256/${sha256(bytes).slice(7)}`;

function flipped(bytes: Uint8Array, at = bytes.length >> 1): Uint8Array {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

describe("an image in an OCI layout", () => {
  it("has its manifest, its config and what it would run for subjects", async () => {
    const image = await makeImage({ architecture: "arm64", variant: "v8" });
    const files = ociLayout(image);
    const facts = await inspect(files);
    const platform = "linux/arm64/v8";
    expect(facts).toMatchObject({ transport: "oci", depth: "content", corruptions: [] });
    expect(facts.subjects).toEqual([
      { kind: "manifest", digest: putImage(new Map(), image).digest, platform },
      { kind: "config", digest: sha256(image.config), platform },
      { kind: "runtime", digest: expect.any(String), platform },
    ]);
    expect(facts.bytes).toBe([...files.values()].reduce((sum, content) => sum + content.length, 0));
  });

  it("has its layers compared with their blobs' digests alone where that will do", async () => {
    const image = await makeImage();
    const quickly = async (files: Files) => {
      const source = await openImage(`oci:${await writeLayout(files)}`);
      return source.inspect({ thorough: false });
    };
    const facts = await quickly(ociLayout(image, { gzip: true }));
    expect(facts).toMatchObject({ depth: "content", layers: "manifest", corruptions: [] });
    expect(facts.subjects.map(({ kind }) => kind)).toEqual(["manifest", "config"]);
    for (const gzip of [true, false]) {
      const files = ociLayout(image, { gzip });
      const [name = ""] =
        [...files].filter(([, bytes]) => bytes.length > 60 && bytes[0] !== 0x7b).at(-1) ?? [];
      files.set(name, flipped(files.get(name) as Uint8Array));
      const altered = await quickly(files);
      expect(altered.subjects).toEqual([]);
      expect(altered.corruptions[0]?.at).toContain(name.slice(-64));
    }
  });

  it("keeps its config's digest when its layers are compressed", async () => {
    const image = await makeImage();
    const plain = await inspect(ociLayout(image));
    const gzip = await inspect(ociLayout(image, { gzip: true }));
    const files: Files = new Map();
    const layers = image.layers.map((layer) => put(files, `${types.layer}+zstd`, zstdCompressSync(layer)));
    putTable(files, [putImage(files, image, { manifest: { layers } })]);
    const zstd = await inspect(files);
    expect(gzip.subjects[1]).toEqual(plain.subjects[1]);
    expect(zstd.subjects[1]).toEqual(plain.subjects[1]);
    expect(new Set([plain, gzip, zstd].map((facts) => facts.subjects[0]?.digest)).size).toBe(3);
  });

  it("may have no layers", async () => {
    const facts = await inspect(ociLayout(await makeImage({ contents: [] })));
    expect(facts.subjects).toHaveLength(3);
  });

  it("reads no layers at the depth manifest, and says so", async () => {
    const image = await makeImage();
    const files = ociLayout(image);
    for (const layer of image.layers) files.delete(blobPath(layer));
    const source = await openImage(`oci:${await writeLayout(files)}`);
    expect(await source.inspect({ depth: "manifest" })).toMatchObject({ depth: "manifest", corruptions: [] });
    expect((await source.inspect()).corruptions).toHaveLength(2);
    expect(await source.inspect({ depth: "runtime" })).toMatchObject({ depth: "runtime", subjects: [] });
  });

  it("reports its progress and stops when told to", async () => {
    const source = await openImage(`oci:${await writeLayout(ociLayout(await makeImage()))}`);
    const seen: number[] = [];
    const facts = await source.inspect({ onProgress: ({ bytes }) => seen.push(bytes) });
    expect(seen.at(-1)).toBe(facts.bytes);
    expect(await codeOf(source.inspect({ signal: AbortSignal.abort() }))).toBe("CANCELLED");
    const stop = new AbortController();
    expect(await codeOf(source.inspect({ signal: stop.signal, onProgress: () => stop.abort() }))).toBe(
      "CANCELLED",
    );
  });

  describe("is named", () => {
    it.each([
      [{ "io.containerd.image.name": "registry.acme.io/api:7" }, "registry.acme.io/api", "7", true],
      [{ "org.opencontainers.image.ref.name": "docker.io/acme/api:2" }, "docker.io/acme/api", "2", true],
      [{ "org.opencontainers.image.ref.name": "3.0" }, "localhost/app", "3.0", false],
      [{ "org.opencontainers.image.ref.name": "no tag" }, "localhost/app", "latest", false],
      [{ "io.containerd.image.name": "not/A/name" }, "localhost/app", "1.0", false],
    ])("by %j", async (annotations, repository, tag, carried) => {
      const facts = await inspect(ociLayout(await makeImage(), { annotations }));
      expect(facts.name).toEqual({ repository, tag, carried });
    });
  });

  describe("beside others", () => {
    async function two(): Promise<Files> {
      const files: Files = new Map();
      const manifests = [];
      for (const tag of ["a", "b"]) {
        const descriptor = putImage(files, await makeImage({ contents: [tag] }));
        manifests.push({ ...descriptor, annotations: { "org.opencontainers.image.ref.name": tag } });
      }
      return putTable(files, manifests);
    }

    it("is chosen by its tag", async () => {
      const b = await makeImage({ contents: ["b"] });
      const facts = await inspect(await two(), ":b");
      expect(facts.subjects[1]?.digest).toBe(sha256(b.config));
      expect(facts.name?.tag).toBe("b");
    });

    it("must be chosen", async () => {
      expect(await codeOf(inspect(await two()))).toBe("IMAGE_AMBIGUOUS");
      expect(await codeOf(inspect(await two(), ":c"))).toBe("IMAGE_NOT_FOUND");
    });

    it("need not be chosen where all are the same one", async () => {
      const files: Files = new Map();
      const descriptor = putImage(files, await makeImage());
      expect((await inspect(putTable(files, [descriptor, descriptor]))).subjects).toHaveLength(3);
    });
  });

  describe("for several platforms", () => {
    async function multi() {
      const files: Files = new Map();
      const amd64 = await makeImage({ contents: ["amd64"] });
      const arm64 = await makeImage({ contents: ["arm64"], architecture: "arm64" });
      const children: object[] = [amd64, arm64].map((image) => putImage(files, image));
      const attestation = put(files, types.manifest, json({ schemaVersion: 2, config: {}, layers: [] }));
      children.push({ ...attestation, platform: { os: "unknown", architecture: "unknown" } });
      const index = put(
        files,
        types.index,
        json({ schemaVersion: 2, mediaType: types.index, manifests: children }),
      );
      return { files: putTable(files, [index]), index, amd64, arm64, children };
    }

    it("has its index and each child's manifest and config for subjects", async () => {
      const { files, index, amd64, arm64 } = await multi();
      const { subjects } = await inspect(files);
      expect(subjects.map(({ kind, platform }) => `${kind} ${platform}`)).toEqual([
        "index ",
        "manifest linux/amd64",
        "config linux/amd64",
        "runtime linux/amd64",
        "manifest linux/arm64",
        "config linux/arm64",
        "runtime linux/arm64",
      ]);
      expect(subjects[0]?.digest).toBe(index.digest);
      expect(subjects[2]?.digest).toBe(sha256(amd64.config));
      expect(subjects[5]?.digest).toBe(sha256(arm64.config));
    });

    it("says of which children it could not be looked at, and wants one that can", async () => {
      const { files, amd64, arm64 } = await multi();
      files.delete(
        blobPath(Buffer.from(files.get(`blobs/sha256/${putImage(new Map(), arm64).digest.slice(7)}`) ?? "")),
      );
      const { subjects, listed } = await inspect(files);
      expect(subjects).toHaveLength(4);
      expect(listed?.map(({ unseen }) => unseen?.toString())).toEqual([undefined, "it is missing"]);
      files.delete(`blobs/sha256/${putImage(new Map(), amd64).digest.slice(7)}`);
      expect(await codeOf(inspect(files))).toBe("INDEX_IMAGES_UNSEEN");
    });

    it("says so of a child of which there is no more than its manifest", async () => {
      const { files, arm64 } = await multi();
      files.delete(blobPath(arm64.config));
      const { subjects, listed } = await inspect(files);
      expect(subjects.map(({ platform }) => platform)).toEqual([
        "",
        "linux/amd64",
        "linux/amd64",
        "linux/amd64",
      ]);
      expect(listed?.map(({ unseen }) => unseen?.toString())).toEqual([undefined, "its config is missing"]);
      files.delete(blobPath(arm64.layers[0] ?? Buffer.alloc(0)));
      expect((await inspect(files)).corruptions).toEqual([]);
    });

    it("is corrupt when a layer of a child is missing", async () => {
      const { files, arm64 } = await multi();
      files.delete(blobPath(arm64.layers[0] ?? Buffer.alloc(0)));
      expect((await inspect(files)).corruptions).toHaveLength(1);
    });

    it("is corrupt when any child's layer is", async () => {
      const { files, arm64 } = await multi();
      const layer = arm64.layers[0] ?? Buffer.alloc(0);
      files.set(blobPath(layer), flipped(layer));
      const facts = await inspect(files);
      expect(facts.subjects).toEqual([]);
      expect(facts.corruptions).toHaveLength(1);
    });

    it("may nest indexes, within bounds", async () => {
      const { files, index } = await multi();
      let nested: object = index;
      for (let depth = 0; depth < 3; depth++) {
        nested = put(files, types.index, json({ schemaVersion: 2, manifests: [nested] }));
      }
      expect((await inspect(putTable(files, [nested]))).subjects).toHaveLength(10);
      nested = put(files, types.index, json({ schemaVersion: 2, manifests: [nested] }));
      expect(await codeOf(inspect(putTable(files, [nested])))).toBe("IMAGE_LIMIT_EXCEEDED");
    });
  });

  describe("is corrupt", () => {
    it.each([
      ["layer", 0],
      ["layer", 1],
      ["config", 0],
      ["manifest", 0],
    ] as const)("when a byte of its %s %i is another", async (what, index) => {
      const image = await makeImage();
      const manifest = putImage(new Map(), image).digest;
      const files = ociLayout(image);
      const name =
        what === "manifest"
          ? `blobs/sha256/${manifest.slice(7)}`
          : blobPath(what === "config" ? image.config : (image.layers[index] ?? Buffer.alloc(0)));
      const bytes = Buffer.from(files.get(name) ?? "");
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        files.set(name, flipped(bytes, at));
        const facts = await inspect(files);
        expect(facts.corruptions).toHaveLength(1);
        expect(facts.subjects).toEqual([]);
      }
      for (const other of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.alloc(1)]), Buffer.alloc(0)]) {
        files.set(name, other);
        expect((await inspect(files)).corruptions).toHaveLength(1);
      }
      files.delete(name);
      expect((await inspect(files)).corruptions).toHaveLength(1);
    });

    it("when a layer's own digest is right but the config names another content", async () => {
      const image = await makeImage();
      const other = await makeImage({ contents: ["first", "third"] });
      const facts = await inspect(ociLayout({ config: image.config, layers: other.layers }));
      expect(facts.corruptions).toMatchObject([{ at: expect.stringContaining("layer 2 of 2") }]);
    });

    it("when the layers are in another order, or not as many", async () => {
      const { config, layers } = await makeImage();
      expect((await inspect(ociLayout({ config, layers: layers.toReversed() }))).corruptions).toHaveLength(2);
      expect((await inspect(ociLayout({ config, layers: layers.slice(1) }))).corruptions).toHaveLength(1);
      expect((await inspect(ociLayout({ config, layers: [...layers, ...layers] }))).corruptions).toHaveLength(
        1,
      );
    });

    it("when a compressed layer breaks off, though its digest is right", async () => {
      const image = await makeImage();
      const files = ociLayout(image, { gzip: true });
      const broken: Files = new Map();
      const layers = [...files]
        .filter(([, content]) => content[0] === 0x1f)
        .map(([, content]) => put(broken, `${types.layer}+gzip`, Buffer.from(content).subarray(0, -9)));
      putTable(broken, [putImage(broken, image, { manifest: { layers } })]);
      expect((await inspect(broken)).corruptions).toHaveLength(2);
    });

    it("when a descriptor says another size", async () => {
      const files: Files = new Map();
      const descriptor = putImage(files, await makeImage());
      for (const size of [descriptor.size - 1, descriptor.size + 1, 0]) {
        expect((await inspect(putTable(files, [{ ...descriptor, size }]))).corruptions).toHaveLength(1);
      }
    });
  });

  describe("is not read", () => {
    async function withManifest(manifest: object): Promise<Files> {
      const files: Files = new Map();
      return putTable(files, [putImage(files, await makeImage(), { manifest })]);
    }

    it("when it is something else than an image", async () => {
      const files: Files = new Map();
      const config = put(files, "application/vnd.cncf.helm.config.v1+json", json({}));
      putTable(files, [putImage(files, await makeImage(), { manifest: { config } })]);
      expect(await codeOf(inspect(files))).toBe("NOT_A_CONTAINER_IMAGE");
    });

    it("when it is of schema 1", async () => {
      const mediaType = "application/vnd.docker.distribution.manifest.v1+prettyjws";
      const files: Files = new Map();
      const bytes = json({ schemaVersion: 1, name: "x", tag: "y", fsLayers: [] });
      expect(await codeOf(inspect(putTable(files, [put(files, mediaType, bytes)])))).toBe(
        "NOT_A_CONTAINER_IMAGE",
      );
      expect(await codeOf(inspect(putTable(files, [put(files, types.manifest, bytes)])))).toBe(
        "SCHEMA_UNSUPPORTED",
      );
    });

    it("when its manifest could be an index too, or calls itself one", async () => {
      expect(await codeOf(inspect(await withManifest({ manifests: [] })))).toBe("IMAGE_DOCUMENT_AMBIGUOUS");
      expect(await codeOf(inspect(await withManifest({ mediaType: types.index })))).toBe(
        "IMAGE_DOCUMENT_AMBIGUOUS",
      );
      expect(await codeOf(inspect(await withManifest({ mediaType: types.dockerManifest })))).toBe(
        "IMAGE_DOCUMENT_AMBIGUOUS",
      );
    });

    it("when a document has a name twice, or in other letters", async () => {
      const image = await makeImage();
      for (const text of [
        '{"schemaVersion":2,"schemaVersion":2}',
        `{"schemaVersion":2,"config":{},"Config":{},"layers":[]}`,
      ]) {
        const files = ociLayout(image);
        const descriptor = put(files, types.manifest, Buffer.from(text));
        expect(await codeOf(inspect(putTable(files, [descriptor])))).toBe("JSON_INVALID");
      }
      const twice = Buffer.from(Buffer.from(image.config).toString().replace('"os"', '"os":"windows","os"'));
      expect(await codeOf(inspect(ociLayout({ ...image, config: twice })))).toBe("JSON_INVALID");
    });

    it("when a layer lies elsewhere", async () => {
      const image = await makeImage({ contents: ["one"] });
      const [layer = Buffer.alloc(0)] = image.layers;
      const files: Files = new Map();
      const mediaType = "application/vnd.oci.image.layer.nondistributable.v1.tar";
      const layers = [{ mediaType, digest: sha256(layer), size: layer.length }];
      const descriptor = putImage(files, image, { manifest: { layers } });
      expect((await inspect(putTable(files, [descriptor]))).corruptions).toEqual([]);
      files.delete(blobPath(layer));
      expect(await codeOf(inspect(files))).toBe("LAYER_ELSEWHERE");
    });

    it("when its digests are not SHA-256", async () => {
      const files: Files = new Map();
      const descriptor = putImage(files, await makeImage());
      const digest = `sha512:${"0".repeat(128)}`;
      expect(await codeOf(inspect(putTable(files, [{ ...descriptor, digest }])))).toBe("DIGEST_UNSUPPORTED");
    });

    it.each(["../../../../etc/passwd", "sha256:../../x", `sha256:${"A".repeat(64)}`, 5, null])(
      "when its digest is %j",
      async (digest) => {
        const files: Files = new Map();
        const descriptor = putImage(files, await makeImage());
        expect(await codeOf(inspect(putTable(files, [{ ...descriptor, digest }])))).toBe("JSON_INVALID");
      },
    );

    it("when a document claims to be huge", async () => {
      const files: Files = new Map();
      const descriptor = putImage(files, await makeImage());
      const code = await codeOf(inspect(putTable(files, [{ ...descriptor, size: 2 ** 40 }])));
      expect(code).toBe("IMAGE_LIMIT_EXCEEDED");
      for (const size of [-1, 1.5, 1e300, "5", null]) {
        expect(await codeOf(inspect(putTable(files, [{ ...descriptor, size }])))).toBe("JSON_INVALID");
      }
    });

    it("when it has too many manifests or layers", async () => {
      const files: Files = new Map();
      const descriptor = putImage(files, await makeImage());
      const many = Array.from({ length: 1001 }, () => descriptor);
      expect(await codeOf(inspect(putTable(files, many)))).toBe("JSON_LIST_TOO_LONG");
      expect(await codeOf(inspect(await withManifest({ layers: many })))).toBe("JSON_LIST_TOO_LONG");
    });

    it("when its indexes list too many manifests together, though each lists few and hardly any is there", async () => {
      const files: Files = new Map();
      const here = putImage(files, await makeImage());
      const inner = Array.from({ length: 20 }, (_, index) => {
        const absent = Array.from({ length: 100 }, (_, at) => ({
          mediaType: types.manifest,
          digest: sha256(Buffer.from(`${index} ${at}`)),
          size: 100,
        }));
        return put(files, types.index, json({ schemaVersion: 2, manifests: [...absent, here] }));
      });
      const outer = put(files, types.index, json({ schemaVersion: 2, manifests: inner.slice(0, 9) }));
      expect((await inspect(putTable(files, [outer]))).corruptions).toEqual([]);
      const more = put(files, types.index, json({ schemaVersion: 2, manifests: inner }));
      expect(await codeOf(inspect(putTable(files, [more])))).toBe("IMAGE_LIMIT_EXCEEDED");
    });

    it("when its manifests list too many layers together", async () => {
      const files: Files = new Map();
      const manifests = await Promise.all(
        Array.from({ length: 12 }, async (_, index) => {
          const image = await makeImage({ contents: [`${index}`] });
          const [layer] = image.layers as [Uint8Array];
          const layers = Array.from({ length: 900 }, () => put(files, types.layer, layer));
          return putImage(files, image, { manifest: { layers } });
        }),
      );
      const index = put(files, types.index, json({ schemaVersion: 2, manifests }));
      expect(await codeOf(inspect(putTable(files, [index])))).toBe("IMAGE_LIMIT_EXCEEDED");
    });

    it("when an index lists itself", async () => {
      const files: Files = new Map();
      const self = { mediaType: types.index, digest: sha256(Buffer.from("self")), size: 0 };
      const text = (size: number) => json({ schemaVersion: 2, manifests: [{ ...self, size }] });
      const index = text(text(100).length);
      files.set(`blobs/sha256/${self.digest.slice(7)}`, index);
      const facts = await inspect(putTable(files, [put(files, types.index, index)]));
      expect(facts.subjects).toEqual([]);
      expect(facts.corruptions).toHaveLength(1);
    });

    it("when its platform is none", async () => {
      const image = await makeImage({ architecture: "amd64\u001b[2J" });
      expect(await codeOf(inspect(ociLayout(image)))).toBe("PLATFORM_UNKNOWN");
    });

    it("when the directory is not there, is a file, or is no layout", async () => {
      const directory = await testDirectory();
      const inspectPath = async (path: string) => codeOf((await openImage(`oci:${path}`)).inspect());
      expect(await inspectPath(join(directory, "none"))).toBe("IMAGE_FILE_NOT_FOUND");
      expect(await inspectPath(directory)).toBe("LAYOUT_INCOMPLETE");
      await writeFile(join(directory, "file"), "");
      expect(await inspectPath(join(directory, "file"))).toBe("LAYOUT_NOT_A_DIRECTORY");
    });

    it("when a blob is a FIFO, a directory or a device", async () => {
      const image = await makeImage();
      const directory = await writeLayout(ociLayout(image));
      const blob = join(directory, blobPath(image.config));
      const inspectAgain = async () => codeOf((await openImage(`oci:${directory}`)).inspect());
      await rm(blob);
      execFileSync("mkfifo", [blob]);
      expect(await inspectAgain()).toBe("IMAGE_FILE_NOT_REGULAR");
      await rm(blob);
      await mkdir(blob);
      expect(await inspectAgain()).toBe("IMAGE_FILE_NOT_REGULAR");
      await rm(blob, { recursive: true });
      await symlink("/dev/zero", blob);
      expect(await inspectAgain()).toBe("IMAGE_FILE_NOT_REGULAR");
    });
  });
});
