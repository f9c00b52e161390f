import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { ImageFacts } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { ambiguousArchives, twoTables } from "../../../support/ambiguous-archives.ts";
import {
  containerdExport,
  dockerLegacy,
  dockerModern,
  markedImage,
  named,
  putIndex,
  putSaved,
  toolArchives,
} from "../../../support/archives.ts";
import { isRefusedImage } from "../../../support/errors.ts";
import {
  codeOf,
  type Files,
  json,
  put,
  putImage,
  putTable,
  sha256,
  tar,
  types,
  writeArchive,
} from "../../../support/images.ts";
import { asJson } from "../../../support/json.ts";

const good = await markedImage("good");
const arm = await markedImage("good on arm", "arm64");
const evil = await markedImage("evil");
const config = { kind: "config", digest: sha256(good.config), platform: "linux/amd64" };
const evilConfig = { ...config, digest: sha256(evil.config) };
const app = { repository: "docker.io/acme/app", tag: "1.0", carried: true };

async function inspectBytes(transport: string, bytes: Uint8Array, suffix = ""): Promise<ImageFacts> {
  return (await openImage(`${transport}:${await writeArchive(bytes)}${suffix}`)).inspect();
}

const inspect = async (transport: string, files: Files, suffix = "") =>
  inspectBytes(transport, await tar(files), suffix);

async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.catch((cause: unknown) => cause);
  return isRefusedImage(error) ? error.message : `not refused: ${error}`;
}

describe("an archive as tools write it", () => {
  it.each(Object.entries(toolArchives(good, arm)))(
    "is one image: %s",
    async (_tool, { transport, files }) => {
      const facts = await inspect(transport, files);
      expect(facts.corruptions).toEqual([]);
      // BuildKit's attestations stand beside the image, and are named.
      expect(
        facts.notes.filter((note) => !`${note}`.startsWith("passed over, since no engine could run it")),
      ).toEqual([]);
      expect(facts.subjects).toContainEqual(config);
      expect(facts.otherNames).toBeUndefined();
      if (facts.name?.carried === true) expect(facts.name).toEqual(app);
    },
  );

  it("is the same image whichever of its tables is asked", async () => {
    for (const files of [dockerModern(good), containerdExport([good]), containerdExport([good, arm])]) {
      const byLayout = await inspect("oci-archive", files);
      const bySaved = await inspect("docker-archive", files);
      // A manifest alone may be made up by the engine that saved it.
      const all = byLayout.subjects.filter(({ kind }) => kind !== "manifest");
      const manifests = bySaved.subjects.filter(({ kind }) => kind === "manifest");
      expect(bySaved.subjects).toHaveLength(all.length + manifests.length);
      expect(byLayout.subjects).toEqual(expect.arrayContaining([...bySaved.subjects]));
      expect(bySaved.name).toEqual(byLayout.name);
    }
  });

  it("is all of its platforms where some engine would load them all", async () => {
    const { subjects } = await inspect("docker-archive", containerdExport([good, arm]));
    expect(subjects).toContainEqual(config);
    expect(subjects).toContainEqual({ ...config, digest: sha256(arm.config), platform: "linux/arm64" });
    expect(subjects.map(({ kind }) => kind)).toContain("index");
  });
});

describe("an archive that is two images", async () => {
  for (const [title, { bytes, transports, suffix }] of Object.entries(await ambiguousArchives(good, evil)))
    it.each(transports)(`is refused: ${title}, as %s`, async (transport) => {
      expect(await refusal(inspectBytes(transport, bytes, suffix?.[transport]))).not.toContain("not refused");
    });

  it("is refused with a sentence that names both tables", async () => {
    for (const transport of ["docker-archive", "oci-archive"])
      expect(await refusal(inspect(transport, twoTables(good, evil)))).toMatch(
        /refused.*manifest\.json.*index\.json/,
      );
  });

  it("is refused when compressed, too", async () => {
    const bytes = await tar(twoTables(good, evil));
    for (const compress of [gzipSync, zstdCompressSync])
      expect(await refusal(inspectBytes("docker-archive", compress(bytes)))).toContain("refused");
  });

  it("is judged by what either engine would load, where one table hides it from the other", async () => {
    // The index lists it as what no engine looks at; manifest.json says it is the image.
    const files: Files = new Map();
    const hidden = {
      ...putImage(files, evil),
      annotations: { "vnd.docker.reference.type": "attestation-manifest" },
    };
    const index = json({ schemaVersion: 2, manifests: [putImage(files, good), hidden] });
    putTable(files, [named(put(files, types.index, index), "docker.io/acme/app:1.0")]);
    putSaved(files, [{ image: evil }]);
    for (const transport of ["docker-archive", "oci-archive"]) {
      const facts = await inspect(transport, files);
      expect(facts.subjects).toContainEqual(config);
      expect(facts.subjects).toContainEqual(evilConfig);
    }
  });

  it("is judged by all that hangs together, where each table says a part of it", async () => {
    const files: Files = new Map();
    putTable(files, [
      named(putImage(files, good), "docker.io/acme/app:1.0"),
      named(putIndex(files, [good, arm]), "docker.io/acme/app:2.0"),
    ]);
    putSaved(files, [{ image: good, tags: ["acme/app:2.0"] }]);
    for (const reference of ["docker-archive", "oci-archive"]) {
      const facts = await inspect(reference, files, reference === "oci-archive" ? ":1.0" : "");
      expect(facts.subjects).toContainEqual(config);
      expect(facts.subjects).toContainEqual({
        ...config,
        digest: sha256(arm.config),
        platform: "linux/arm64",
      });
      expect([facts.name?.tag, ...(facts.otherNames ?? []).map(({ tag }) => tag)].sort()).toEqual([
        "1.0",
        "2.0",
      ]);
    }
  });

  it("is corrupt where the one table's image is, and the other's is not", async () => {
    const files = dockerModern(good);
    const manifest = putImage(files, { ...good, layers: evil.layers });
    putTable(files, [named(manifest, "docker.io/acme/app:1.0")]);
    for (const transport of ["docker-archive", "oci-archive"])
      expect(await inspect(transport, files)).toMatchObject({ subjects: [], corruptions: [{}, {}] });
  });
});

describe("the names of an image in an archive", () => {
  const two = { ...app, tag: "2.0" };
  const other = { ...app, repository: "docker.io/evil/app" };

  it("are all that loading would set, the one that was asked for first", async () => {
    const tags = ["acme/app:1.0", "acme/app:2.0", "evil/app:1.0"];
    for (const files of [
      dockerLegacy(good, tags),
      dockerModern(good, tags),
      containerdExport([good], tags),
    ]) {
      expect(await inspect("docker-archive", files)).toMatchObject({ name: app, otherNames: [two, other] });
      const asked = await inspect("docker-archive", files, ":acme/app:2.0");
      expect(asked).toMatchObject({ name: two, otherNames: [app, other] });
    }
    for (const files of [dockerModern(good, tags), containerdExport([good], tags)]) {
      expect(await inspect("oci-archive", files)).toMatchObject({ name: app, otherNames: [two, other] });
      const asked = await inspect("oci-archive", files, ":2.0");
      expect(asked).toMatchObject({ name: two, otherNames: [app, other] });
    }
  });

  it("are those of both tables and both annotations", async () => {
    const files: Files = new Map();
    const annotations = {
      "io.containerd.image.name": "docker.io/acme/app:1.0",
      "org.opencontainers.image.ref.name": "docker.io/acme/app:2.0",
    };
    putTable(files, [{ ...putImage(files, good), annotations }]);
    expect(await inspect("oci-archive", files)).toMatchObject({ name: app, otherNames: [two] });
    putSaved(files, [{ image: good, tags: ["evil/app:1.0"] }]);
    expect(await inspect("oci-archive", files)).toMatchObject({ name: app, otherNames: [other, two] });
    expect(await inspect("docker-archive", files)).toMatchObject({ name: other, otherNames: [app, two] });
  });

  it("are those of each place at which the image stands in a table", async () => {
    const files = putSaved(new Map(), [
      { image: good },
      { image: good, tags: ["evil/app:1.0"] },
      { image: good, tags: null },
    ]);
    expect(await inspect("docker-archive", files, ":@2")).toMatchObject({ name: app, otherNames: [other] });
  });

  it("come from one table where the other has none", async () => {
    const files: Files = new Map();
    putTable(files, [putImage(files, good)]);
    putSaved(files, [{ image: good }]);
    expect((await inspect("oci-archive", files)).name).toEqual(app);
    putTable(files, [named(putImage(files, good), "docker.io/acme/app:1.0")]);
    putSaved(files, [{ image: good, tags: null }]);
    expect((await inspect("docker-archive", files)).name).toEqual(app);
  });

  it("are no more than can be asked about", async () => {
    const tags = (count: number) => Array.from({ length: count }, (_, at) => `acme/app:${at}`);
    expect((await inspect("docker-archive", dockerModern(good, tags(256)))).otherNames).toHaveLength(255);
    expect(await codeOf(inspect("docker-archive", dockerModern(good, tags(257))))).toBe(
      "IMAGE_LIMIT_EXCEEDED",
    );
  });
});

describe("the other images of an archive", () => {
  it("are named, since they are loaded with it", async () => {
    const files: Files = new Map();
    putTable(files, [
      named(putImage(files, good), "docker.io/acme/app:1.0"),
      named(putImage(files, evil), "docker.io/evil/app:1.0"),
    ]);
    const saved = [{ image: good }, { image: evil, tags: ["evil/app:1.0"] }];
    for (const tables of [putSaved(new Map(), saved), putSaved(files, saved)]) {
      const facts = await inspect("docker-archive", tables, ":acme/app:1.0");
      expect(asJson(facts)).toMatchObject({
        name: app,
        notes: [expect.stringContaining("docker.io/evil/app:1.0")],
      });
      expect(facts.otherNames).toBeUndefined();
      expect(facts.subjects).not.toContainEqual(evilConfig);
    }
    const laid = await inspect("oci-archive", files, ":docker.io/evil/app:1.0");
    expect(asJson(laid)).toMatchObject({ notes: [expect.stringContaining("docker.io/acme/app:1.0")] });
  });

  it("are chosen by their place where they have no names", async () => {
    const files = putSaved(new Map(), [
      { image: good, tags: null },
      { image: evil, tags: [] },
    ]);
    expect(await codeOf(inspect("docker-archive", files))).toBe("IMAGE_AMBIGUOUS");
    expect((await inspect("docker-archive", files, ":@0")).subjects).toContainEqual(config);
    expect((await inspect("docker-archive", files, ":@1")).subjects).toContainEqual(evilConfig);
    expect(await codeOf(inspect("docker-archive", files, ":@2"))).toBe("IMAGE_NOT_FOUND");
  });
});
