import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openImage } from "../../../../src/image/open.ts";
import {
  codeOf,
  type Files,
  json,
  legacyArchive,
  makeImage,
  modernArchive,
  ociLayout,
  putImage,
  sha256,
  tar,
  testDirectory,
  writeArchive,
} from "../../../support/images.ts";

type Transport = "docker-archive" | "oci-archive";

async function inspectBytes(transport: Transport, bytes: Uint8Array, suffix = "", name?: string) {
  const source = await openImage(`${transport}:${await writeArchive(bytes, name)}${suffix}`);
  return source.inspect();
}

const inspect = async (transport: Transport, files: Files, suffix = "") =>
  inspectBytes(transport, await tar(files), suffix);

describe("an image in an archive of docker save", () => {
  it.each([
    ["20.10", legacyArchive],
    ["25 and later", modernArchive],
  ])("as Docker %s writes it has its config for subject", async (_version, write) => {
    const image = await makeImage();
    const bytes = await tar(write(image));
    const facts = await inspectBytes("docker-archive", bytes);
    expect(facts).toEqual({
      image: facts.image,
      transport: "docker-archive",
      name: { repository: "docker.io/acme/app", tag: "1.0", carried: true },
      depth: "content",
      layers: "config",
      subjects: [
        { kind: "config", digest: sha256(image.config), platform: "linux/amd64" },
        { kind: "runtime", digest: expect.any(String), platform: "linux/amd64" },
      ],
      corruptions: [],
      notes: [],
      bytes: bytes.length,
    });
  });

  it("may hold links in the place of layers that repeat", async () => {
    const image = await makeImage({ contents: ["same", "other"] });
    const [same = Buffer.alloc(0), other = Buffer.alloc(0)] = image.layers;
    const layers = [same, other, same];
    const config = json({
      architecture: "amd64",
      os: "linux",
      rootfs: { type: "layers", diff_ids: layers.map(sha256) },
    });
    const files = legacyArchive({ config, layers });
    expect([...files.values()].filter((content) => typeof content === "string")).toHaveLength(1);
    expect((await inspect("docker-archive", files)).corruptions).toEqual([]);
  });

  it("may be compressed as a whole", async () => {
    const bytes = await tar(legacyArchive(await makeImage()));
    const { subjects } = await inspectBytes("docker-archive", bytes);
    expect((await inspectBytes("docker-archive", gzipSync(bytes))).subjects).toEqual(subjects);
    expect((await inspectBytes("docker-archive", zstdCompressSync(bytes))).subjects).toEqual(subjects);
    const bzip2 = Buffer.concat([Buffer.from("BZh9"), bytes]);
    expect(await codeOf(inspectBytes("docker-archive", bzip2))).toBe("ARCHIVE_COMPRESSION_UNSUPPORTED");
  });

  it("is named after its file when it carries no name", async () => {
    const bytes = gzipSync(await tar(legacyArchive(await makeImage(), null)));
    const facts = await inspectBytes("docker-archive", bytes, "", "My App_2.tar.gz");
    expect(facts.name).toEqual({ repository: "localhost/my-app-2", tag: "latest", carried: false });
  });

  it("is chosen by a name among several", async () => {
    const files = legacyArchive(await makeImage(), ["acme/one:1"]);
    const first: unknown = JSON.parse(Buffer.from(files.get("manifest.json") ?? "").toString());
    const other = await makeImage({ contents: ["other"] });
    const second = legacyArchive(other, ["acme/two:1", "acme/three:1"]);
    for (const [name, content] of second)
      if (name !== "manifest.json") files.set(name.replace("layer.tar", "other.tar"), content);
    const entry = JSON.parse(
      Buffer.from(second.get("manifest.json") ?? "")
        .toString()
        .replaceAll("layer.tar", "other.tar"),
    );
    files.set("manifest.json", json([...(first as object[]), ...entry]));
    expect(await codeOf(inspect("docker-archive", files))).toBe("IMAGE_AMBIGUOUS");
    expect(await codeOf(inspect("docker-archive", files, ":acme/four:1"))).toBe("IMAGE_NOT_FOUND");
    const facts = await inspect("docker-archive", files, ":acme/three:1");
    expect(facts.subjects[0]?.digest).toBe(sha256(other.config));
    expect(facts.name).toEqual({ repository: "docker.io/acme/three", tag: "1", carried: true });
  });

  it("is corrupt when a layer's or the config's bytes are others, or missing", async () => {
    const image = await makeImage();
    for (const write of [legacyArchive, modernArchive]) {
      const manifest = JSON.parse(Buffer.from(write(image).get("manifest.json") ?? "").toString())[0];
      for (const name of [manifest.Config, ...manifest.Layers]) {
        const files = write(image);
        const bytes = Buffer.from(files.get(name) ?? "");
        bytes[100] = (bytes[100] ?? 0) ^ 4;
        files.set(name, bytes);
        expect(await inspect("docker-archive", files)).toMatchObject({ subjects: [], corruptions: [{}] });
        files.delete(name);
        expect(await inspect("docker-archive", files)).toMatchObject({ subjects: [], corruptions: [{}] });
      }
    }
  });

  it("is corrupt when its config is a whole one, but not the one that its name promises", async () => {
    const image = await makeImage();
    const changed = { ...JSON.parse(Buffer.from(image.config).toString()), config: { Cmd: ["/bin/false"] } };
    for (const write of [legacyArchive, modernArchive]) {
      const files = write(image);
      const [{ Config }] = JSON.parse(Buffer.from(files.get("manifest.json") ?? "").toString());
      files.set(Config, json(changed));
      const facts = await inspect("docker-archive", files);
      expect(facts.subjects).toEqual([]);
      expect(facts.corruptions[0]?.at).toContain(Config);
    }
  });

  it("is corrupt when its config lists other layers", async () => {
    const image = await makeImage();
    const files = legacyArchive({ ...image, layers: image.layers.slice(0, 1) });
    expect((await inspect("docker-archive", files)).corruptions).toMatchObject([{ at: "config" }]);
  });

  it("is not found without its file, and not read from what is no file", async () => {
    const directory = await testDirectory();
    const inspectPath = async (path: string) => codeOf((await openImage(`docker-archive:${path}`)).inspect());
    expect(await inspectPath(join(directory, "none.tar"))).toBe("IMAGE_FILE_NOT_FOUND");
    expect(await inspectPath(directory)).toBe("IMAGE_FILE_NOT_REGULAR");
    execFileSync("mkfifo", [join(directory, "fifo")]);
    expect(await inspectPath(join(directory, "fifo"))).toBe("IMAGE_FILE_NOT_REGULAR");
  });

  it("is not read when its table is none", async () => {
    for (const table of ["{}", "[]", "[{}]", "[1]", '[{"Config":"a","Config":"b"}]', "not JSON"]) {
      const files = legacyArchive(await makeImage()).set("manifest.json", Buffer.from(table));
      expect(["ARCHIVE_NOT_OF_DOCKER", "ARCHIVE_TABLE_INVALID", "IMAGE_NOT_FOUND", "JSON_INVALID"]).toContain(
        await codeOf(inspect("docker-archive", files)),
      );
    }
  });

  it("stops when told to", async () => {
    const source = await openImage(
      `docker-archive:${await writeArchive(await tar(legacyArchive(await makeImage())))}`,
    );
    const stop = new AbortController();
    expect(await codeOf(source.inspect({ signal: stop.signal, onProgress: () => stop.abort() }))).toBe(
      "CANCELLED",
    );
  });
});

describe("an image in an oci-archive", () => {
  it("has the subjects of its layout", async () => {
    const image = await makeImage();
    const facts = await inspect("oci-archive", ociLayout(image, { gzip: true }), ":1.0");
    expect(facts.name).toEqual({ repository: "localhost/app", tag: "1.0", carried: false });
    expect(facts.subjects.map(({ digest }) => digest)).toEqual([
      putImage(new Map(), image, { gzip: true }).digest,
      sha256(image.config),
      expect.any(String),
    ]);
  });

  it("is told from an archive of docker save", async () => {
    const image = await makeImage();
    expect(await codeOf(inspect("oci-archive", legacyArchive(image)))).toBe("LAYOUT_INCOMPLETE");
    expect(await codeOf(inspect("docker-archive", ociLayout(image)))).toBe("ARCHIVE_NOT_OF_DOCKER");
  });
});

describe("an archive that breaks off", () => {
  it.each([
    ["docker-archive", legacyArchive],
    ["docker-archive", modernArchive],
    ["oci-archive", ociLayout],
  ] as const)("is corrupt wherever it does: %s", async (transport, write) => {
    const whole = await tar(write(await makeImage()));
    const end = whole.length - 1024;
    const cuts = [0, 1, 511, 512, 513, 1024, end - 512, end - 1, end, end + 1, end + 512, end + 1023];
    for (let cut = 777; cut < whole.length; cut += 1531) cuts.push(cut);
    for (const cut of cuts) {
      const facts = await inspectBytes(transport, whole.subarray(0, cut));
      expect(facts, `cut at ${cut} of ${whole.length}`).toMatchObject({ subjects: [], corruptions: [{}] });
    }
  });

  it("is corrupt when compressed, too", async () => {
    const whole = gzipSync(await tar(legacyArchive(await makeImage())));
    for (const cut of [20, whole.length >> 1, whole.length - 9, whole.length - 1]) {
      const facts = await inspectBytes("docker-archive", whole.subarray(0, cut));
      expect(facts, `cut at ${cut} of ${whole.length}`).toMatchObject({ subjects: [], corruptions: [{}] });
    }
  });
});
