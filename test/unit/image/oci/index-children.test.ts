import { describe, expect, it } from "vitest";
import { openImage } from "../../../../src/image/open.ts";
import { signable } from "../../../../src/operations/signable.ts";
import { decide } from "../../../../src/verdict/decide.ts";
import { claim, evidenceOf } from "../../../support/evidence.ts";
import { fakeRegistry } from "../../../support/fake-registry.ts";
import {
  codeOf,
  type Files,
  json,
  makeImage,
  put,
  putImage,
  putTable,
  sha256,
  types,
  writeLayout,
} from "../../../support/images.ts";
import { documentAndArchive } from "../../../support/index-worlds.ts";
import { toVerdictJson } from "../../../support/verdict.ts";

const attestation = { "vnd.docker.reference.type": "attestation-manifest" };
const unknown = { os: "unknown", architecture: "unknown" };
const inToto = "application/vnd.in-toto+json";

/** A config as attestations and signatures have it, about what is no layer. */
const configAbout = (...layers: Uint8Array[]) =>
  json({ ...unknown, config: {}, rootfs: { type: "layers", diff_ids: layers.map(sha256) } });

/** A manifest of what is given, as its descriptor. */
function putManifest(
  files: Files,
  parts: {
    config: readonly [type: string, bytes: Uint8Array];
    layers: readonly (readonly [type: string, bytes: Uint8Array])[];
    more?: object;
  },
) {
  const [config, ...layers] = [parts.config, ...parts.layers].map(([type, bytes]) => put(files, type, bytes));
  return put(
    files,
    types.manifest,
    json({ schemaVersion: 2, mediaType: types.manifest, config, layers, ...parts.more }),
  );
}

/** An index of an image for linux/amd64, and of what is to be known. */
async function indexOf(make: (files: Files) => object | Promise<object>) {
  const files: Files = new Map();
  const image = {
    ...putImage(files, await makeImage({ contents: ["image"] })),
    platform: { os: "linux", architecture: "amd64" },
  };
  const child = (await make(files)) as { readonly digest: string };
  const index = put(
    files,
    types.index,
    json({ schemaVersion: 2, mediaType: types.index, manifests: [image, child] }),
  );
  return { files: putTable(files, [index]), image, child, index };
}

/** What becomes of the child, wherever the index lies and however deep it is read: the same. */
async function meaningOf(make: (files: Files) => object | Promise<object>) {
  const { files, child, image } = await indexOf(make);
  const places = [
    `oci:${await writeLayout(files)}`,
    `docker://${(await fakeRegistry(files)).address}/acme/app:1`,
  ];
  const meanings = new Set<string>();
  for (const place of places) {
    for (const depth of ["manifest", "content", "runtime"] as const) {
      const facts = await (await openImage(place)).inspect({ depth, thorough: depth === "runtime" });
      expect(facts.corruptions).toEqual([]);
      expect(facts.listed?.[0]).toMatchObject({ digest: image.digest, platform: "linux/amd64" });
      const listed = facts.listed?.find(({ digest }) => digest === child.digest);
      const isNoted = facts.notes.some(
        (note) => `${note}`.startsWith("passed over") && `${note}`.includes(child.digest),
      );
      meanings.add(
        isNoted
          ? "passed over"
          : listed === undefined
            ? "lost"
            : listed.unseen === undefined
              ? "image"
              : "not looked at",
      );
    }
  }
  return [...meanings].join();
}

const other = () => makeImage({ architecture: "arm64", contents: ["other"] });
const layerOf = async () => (await other()).layers[0] ?? new Uint8Array();
const configOf = async () => (await makeImage({ architecture: "arm64", contents: ["other"] })).config;

describe("what an index lists is an image", () => {
  it.each([
    [
      "annotated as an attestation",
      { annotations: attestation, platform: { os: "linux", architecture: "arm64" } },
    ],
    ["annotated as something else", { annotations: { "vnd.docker.reference.type": "x" } }],
    ["of no known platform", { platform: unknown }],
    ["annotated and of no known platform", { platform: unknown, annotations: attestation }],
    ["of no platform", {}],
    ["of a platform that is none", { platform: { os: 5 } }],
  ])("though it is %s", async (_what, said) => {
    expect(await meaningOf(async (files) => ({ ...putImage(files, await other()), ...said }))).toBe("image");
  });

  it("though its config names no known platform, and its manifest calls it an artifact", async () => {
    expect(
      await meaningOf(async (files) => {
        const { layers } = await other();
        const image = {
          config: json({ ...unknown, rootfs: { type: "layers", diff_ids: layers.map(sha256) } }),
          layers,
        };
        return {
          ...putImage(files, image, { manifest: { artifactType: "application/spdx+json" } }),
          annotations: attestation,
        };
      }),
    ).toBe("image");
  });
});

describe("what an index lists is passed over, with a note", () => {
  const statement = json({ _type: "https://in-toto.io/Statement/v0.1" });
  const empty = ["application/vnd.oci.empty.v1+json", json({})] as const;
  it.each<[string, (files: Files) => object]>([
    [
      "an attestation",
      (files) =>
        putManifest(files, { config: [types.config, configAbout(statement)], layers: [[inToto, statement]] }),
    ],
    [
      "an attestation that is listed as an image",
      (files) => ({
        ...putManifest(files, {
          config: [types.config, configAbout(statement)],
          layers: [[inToto, statement]],
        }),
        platform: { os: "linux", architecture: "arm64" },
      }),
    ],
    [
      "an attestation of two statements, one of them large",
      (files) => {
        const large = json({ _type: "https://in-toto.io/Statement/v0.1", padding: "x".repeat(5 * 2 ** 20) });
        return putManifest(files, {
          config: [types.config, configAbout(large, statement)],
          layers: [
            [inToto, large],
            [inToto, statement],
          ],
        });
      },
    ],
    [
      "a large bill of materials alone",
      (files) => {
        const large = json({ _type: "https://in-toto.io/Statement/v0.1", padding: "x".repeat(5 * 2 ** 20) });
        return putManifest(files, { config: [types.config, configAbout(large)], layers: [[inToto, large]] });
      },
    ],
    [
      "an attestation without a config",
      (files) =>
        putManifest(files, {
          config: empty,
          layers: [[inToto, statement]],
          more: { artifactType: "application/vnd.docker.attestation.manifest.v1+json" },
        }),
    ],
    [
      "a signature",
      (files) =>
        putManifest(files, {
          config: [types.config, configAbout(statement)],
          layers: [["application/vnd.dev.cosign.simplesigning.v1+json", statement]],
        }),
    ],
    [
      "a signature of which the config says nothing",
      (files) =>
        putManifest(files, {
          config: [types.config, json({})],
          layers: [["application/vnd.dev.cosign.simplesigning.v1+json", statement]],
        }),
    ],
    [
      "a bill of materials",
      (files) =>
        putManifest(files, {
          config: empty,
          layers: [["application/spdx+json", statement]],
          more: { artifactType: "application/spdx+json" },
        }),
    ],
    [
      "a SOCI index",
      (files) =>
        putManifest(files, {
          config: ["application/vnd.amazon.soci.index.v1+json", json({})],
          layers: [["application/octet-stream", Buffer.from("ztoc")]],
          more: { artifactType: "application/vnd.amazon.soci.index.v1+json" },
        }),
    ],
    [
      "a chart",
      (files) =>
        putManifest(files, {
          config: ["application/vnd.cncf.helm.config.v1+json", json({ name: "app", version: "1.0.0" })],
          layers: [["application/vnd.cncf.helm.chart.content.v1.tar+gzip", statement]],
        }),
    ],
    [
      "an artifact manifest",
      (files) =>
        put(
          files,
          "application/vnd.oci.artifact.manifest.v1+json",
          json({ mediaType: "application/vnd.oci.artifact.manifest.v1+json", blobs: [] }),
        ),
    ],
    [
      "a document of another type",
      (files) => put(files, "application/vnd.acme.thing+json", json({ thing: 1 })),
    ],
    ["what is no document", (files) => put(files, "application/vnd.acme.thing", Buffer.from("\0asm"))],
    [
      "an index of attestations alone",
      (files) => {
        const about = putManifest(files, {
          config: [types.config, configAbout(statement)],
          layers: [[inToto, statement]],
        });
        return put(files, types.index, json({ schemaVersion: 2, manifests: [about] }));
      },
    ],
    [
      "a manifest without a config",
      (files) => put(files, types.manifest, json({ schemaVersion: 2, config: {}, layers: [] })),
    ],
  ])("where it is %s", async (what, make) => {
    const isInner = what.startsWith("an index of");
    if (!isInner) expect(await meaningOf(make)).toBe("passed over");
    const { files, image } = await indexOf(make);
    const facts = await (await openImage(`oci:${await writeLayout(files)}`)).inspect();
    // It is no reason to refuse the image beside it, nor to sign the index.
    const subjects = facts.subjects.filter(({ digest }) => digest === image.digest);
    const named = { ...facts, name: { repository: "docker.io/acme/api", tag: "1.0", carried: true } };
    const verdict = toVerdictJson(
      decide(evidenceOf(claim({ subjects }), { facts: named }), {
        organisation: undefined,
        newest: true,
      }),
    );
    expect(verdict).toMatchObject({
      status: "verified",
      matched: "manifest",
      warnings: facts.notes.map(String),
    });
    expect(signable(facts)).toBe(facts);
  });
});

describe("what an index lists cannot be looked at", () => {
  it.each<[string, (files: Files) => object | Promise<object>]>([
    ["which is not there", async () => putImage(new Map(), await other())],
    [
      "of which the config is not there",
      async (files) => {
        const found = putImage(files, await other());
        files.delete(`blobs/sha256/${sha256(await configOf()).slice(7)}`);
        return found;
      },
    ],
    [
      "an attestation of which the config is not there",
      (files) => {
        const config = configAbout(json({}));
        const found = putManifest(files, { config: [types.config, config], layers: [[inToto, json({})]] });
        files.delete(`blobs/sha256/${sha256(config).slice(7)}`);
        return found;
      },
    ],
    [
      "an attestation of which the statement is not there",
      (files) => {
        const statement = json({ not: "there" });
        const found = putManifest(files, {
          config: [types.config, configAbout(statement)],
          layers: [[inToto, statement]],
        });
        files.delete(`blobs/sha256/${sha256(statement).slice(7)}`);
        return found;
      },
    ],
    [
      "layers called statements",
      async (files) => {
        const layer = await layerOf();
        return putManifest(files, { config: [types.config, configAbout(layer)], layers: [[inToto, layer]] });
      },
    ],
    [
      "a statement that is an archive, too",
      (files) => {
        const both = documentAndArchive("x");
        expect(JSON.parse(both.toString())).toBeDefined();
        return putManifest(files, { config: [types.config, configAbout(both)], layers: [[inToto, both]] });
      },
    ],
    [
      "a statement beside a layer",
      async (files) =>
        putManifest(files, {
          config: [types.config, await configOf()],
          layers: [
            [types.layer, await layerOf()],
            [inToto, json({})],
          ],
        }),
    ],
    [
      "an image's config called a chart's",
      async (files) =>
        putManifest(files, {
          config: ["application/vnd.cncf.helm.config.v1+json", await configOf()],
          layers: [[types.layer, await layerOf()]],
        }),
    ],
    [
      "an image's config called nothing in particular",
      async (files) =>
        putManifest(files, {
          config: ["application/octet-stream", await configOf()],
          layers: [[types.layer, await layerOf()]],
        }),
    ],
    [
      "a command without files",
      (files) =>
        putManifest(files, {
          config: [types.config, json({ config: { Entrypoint: ["/bin/sh"] } })],
          layers: [[inToto, json({})]],
        }),
    ],
    [
      "an image of which config and layers are called something else",
      async (files) =>
        putManifest(files, {
          config: ["application/vnd.cncf.helm.config.v1+json", await configOf()],
          layers: [["application/x-other", await layerOf()]],
        }),
    ],
    [
      "an image that says nothing of itself and is called something else",
      async (files) => ({
        ...putImage(files, await other(), { manifest: { mediaType: undefined } }),
        mediaType: "application/vnd.acme.thing+json",
      }),
    ],
    [
      "an image called something else",
      async (files) => ({ ...putImage(files, await other()), mediaType: "application/vnd.acme.thing+json" }),
    ],
    ["an image called nothing", async (files) => ({ ...putImage(files, await other()), mediaType: "" })],
    [
      "an index called a manifest",
      async (files) => ({
        ...put(files, types.index, json({ schemaVersion: 2, manifests: [putImage(files, await other())] })),
        mediaType: types.manifest,
      }),
    ],
    [
      "schema 1",
      (files) =>
        put(
          files,
          "application/vnd.docker.distribution.manifest.v1+prettyjws",
          json({ schemaVersion: 1, fsLayers: [] }),
        ),
    ],
    [
      "names in other letters",
      (files) =>
        put(files, "application/vnd.acme.thing+json", json({ Config: { digest: sha256(json({})) } })),
    ],
  ])("where it is %s", async (_what, make) => {
    expect(await meaningOf(make)).toBe("not looked at");
    const { files, image, index } = await indexOf(make);
    const facts = await (await openImage(`oci:${await writeLayout(files)}`)).inspect();
    const named = { ...facts, name: { repository: "docker.io/acme/api", tag: "1.0", carried: true } };
    const judge = (...digests: string[]) =>
      toVerdictJson(
        decide(
          evidenceOf(claim({ subjects: facts.subjects.filter(({ digest }) => digests.includes(digest)) }), {
            facts: named,
          }),
          { organisation: undefined, newest: true },
        ),
      );
    // The index' own digest is that of all of it.
    expect(judge(index.digest)).toMatchObject({
      status: "verified",
      matched: "index",
      warnings: [expect.stringContaining("not all")],
    });
    expect(judge(image.digest)).toMatchObject({ status: "inconclusive", claim: null });
    expect(() => signable(facts)).toThrow(/could not be looked at/);
  });

  it("and nothing is beside it", async () => {
    const files: Files = new Map();
    const absent = putImage(new Map(), await other());
    putTable(files, [put(files, types.index, json({ schemaVersion: 2, manifests: [absent] }))]);
    const image = await openImage(`oci:${await writeLayout(files)}`);
    expect(await codeOf(image.inspect())).toBe("INDEX_IMAGES_UNSEEN");
  });
});

describe("an index of nothing that runs", () => {
  it("is no container image", async () => {
    const files: Files = new Map();
    const about = putManifest(files, {
      config: [types.config, configAbout(json({}))],
      layers: [[inToto, json({})]],
    });
    putTable(files, [put(files, types.index, json({ schemaVersion: 2, manifests: [about] }))]);
    const image = await openImage(`oci:${await writeLayout(files)}`);
    expect(await codeOf(image.inspect())).toBe("NOT_A_CONTAINER_IMAGE");
  });

  it("is corrupt where what lies beside its image is not what its digest says", async () => {
    const statement = json({ a: 1 });
    const { files } = await indexOf((all) =>
      putManifest(all, { config: [types.config, configAbout(statement)], layers: [[inToto, statement]] }),
    );
    files.set(`blobs/sha256/${sha256(statement).slice(7)}`, json({ a: 2 }));
    const facts = await (await openImage(`oci:${await writeLayout(files)}`)).inspect();
    expect(facts).toMatchObject({ subjects: [], corruptions: [{}] });
  });
});
