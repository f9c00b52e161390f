import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { DockerClient } from "../../../../src/image/docker/client.ts";
import { buildTinyImage, pingDocker, removeImage } from "../../../../src/image/docker/tools.ts";
import type { ImageFacts, InspectOptions } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { describeOnEngines } from "../../../support/engines.ts";
import {
  codeOf,
  type Files,
  json,
  legacyArchive,
  makeImage,
  put,
  putImage,
  putTable,
  sha256,
  tar,
  testDirectory,
  types,
} from "../../../support/images.ts";
import { findProgram } from "../../../support/programs.ts";
import { blobFile, unpackedLayer } from "../../../support/tamper.ts";

const skopeo = findProgram("skopeo");
const dockerProgram = findProgram("docker");

describeOnEngines("an image in a real Docker Engine", (engine) => {
  const { name: store, host } = engine;
  const docker = { host };

  async function inspect(image: string, options?: InspectOptions): Promise<ImageFacts> {
    return (await openImage(image, { docker })).inspect(options);
  }

  /** An image of the test's own in the daemon. */
  async function tiny(name: string, files: Record<string, string>): Promise<void> {
    await buildTinyImage({ name, files, docker });
    onTestFinished(() => removeImage(name, { docker }));
  }

  /** Loads an image whose config is written as the OCI's own tools write it, so that no copy rewrites it; its config's digest. */
  async function load(name: string): Promise<string> {
    const { layers } = await makeImage();
    const created = "1970-01-01T00:00:00Z";
    const config = json({
      created,
      architecture: "amd64",
      os: "linux",
      config: { Cmd: ["/bin/true"] },
      rootfs: { type: "layers", diff_ids: layers.map(sha256) },
      history: layers.map(() => ({ created })),
    });
    await loadArchive(name, legacyArchive({ config, layers }, [name]));
    return sha256(config);
  }

  /** Loads an archive that holds one image, which goes with the test. */
  async function loadArchive(name: string, files: Files): Promise<void> {
    const answer = await (await DockerClient.prepare(docker)).open("/images/load", {
      method: "POST",
      query: { quiet: "1" },
      body: Buffer.from(await tar(files)),
    });
    for await (const piece of answer.body) expect(String(piece)).not.toContain("error");
    onTestFinished(() => removeImage(name, { docker }));
  }

  async function save(name: string, path: string): Promise<void> {
    const { body } = await (await DockerClient.prepare(docker)).open(`/images/${name}/get`);
    await writeFile(path, body);
  }

  it("has the same config digest by name, by ID, and in an archive of docker save", async () => {
    const config = { kind: "config", digest: await load("acme/same:1.0"), platform: "linux/amd64" };
    const name = { repository: "docker.io/acme/same", tag: "1.0", carried: true };
    const [word, ...others] = (await inspect("acme/same:1.0", { depth: "id" })).subjects;
    if (word === undefined) throw new Error("no subject");
    // The engine's ID is of the config, or, in containerd's store, of the manifest, which the config alone does not tell.
    expect({ ...word, others }).toEqual({
      ...(store === "classic" ? config : { ...config, kind: "manifest", digest: word.digest }),
      others: [],
    });
    const id = word.digest;
    const [short, shorter] = [id.slice(7), id.slice(7, 19)];
    for (const image of ["acme/same:1.0", "docker-daemon:docker.io/acme/same:1.0", id, short, shorter]) {
      expect(await inspect(image, { depth: "id" })).toMatchObject({
        image,
        depth: "id",
        name,
        subjects: [word],
      });
      const facts = await inspect(image, { depth: "content" });
      expect(facts).toMatchObject({ image, depth: "content", name, corruptions: [] });
      expect(facts.subjects).toContainEqual(word);
      expect(facts.subjects).toContainEqual(config);
    }
    const archive = join(await testDirectory(), "saved.tar");
    await save("acme/same:1.0", archive);
    const saved = await inspect(`docker-archive:${archive}`);
    expect(saved).toMatchObject({ name, corruptions: [] });
    expect(saved.subjects).toContainEqual(config);
  });

  it.skipIf(skopeo === undefined)(
    "has the same config digest in OCI layouts that skopeo makes of it",
    async () => {
      const id = await load("acme/copied:1.0");
      const directory = await testDirectory();
      const archive = join(directory, "saved.tar");
      await save("acme/copied:1.0", archive);
      for (const layout of [
        `oci:${join(directory, "layout")}:1.0`,
        `oci-archive:${join(directory, "layout.tar")}:1.0`,
      ]) {
        execFileSync(skopeo ?? "", ["copy", "--quiet", `docker-archive:${archive}`, layout]);
        const facts = await inspect(layout);
        expect(facts.corruptions).toEqual([]);
        expect(facts.subjects.find(({ kind }) => kind === "config")?.digest).toBe(id);
        expect(facts.name?.tag).toBe("1.0");
      }
    },
  );

  it("is another when something else is built under its name", async () => {
    await tiny("acme/moving:1", { "etc/version": "one" });
    const before = await inspect("acme/moving:1");
    await buildTinyImage({ name: "acme/moving:1", files: { "etc/version": "two" }, docker });
    const after = await inspect("acme/moving:1");
    expect(after.name).toEqual(before.name);
    expect(after.subjects).not.toEqual(before.subjects);
    const [old] = before.subjects;
    if (old === undefined) throw new Error("no subject");
    expect((await inspect(old.digest)).name).toBeUndefined();
    await removeImage(old.digest, { docker });
    expect(await codeOf(inspect(old.digest))).toBe("IMAGE_NOT_FOUND");
  });

  it("is not found when it is not there, and removed only once", async () => {
    expect(await codeOf(inspect("docker-daemon:acme/none:1"))).toBe("IMAGE_NOT_FOUND");
    expect(await codeOf(inspect(`sha256:${"0".repeat(64)}`))).toBe("IMAGE_NOT_FOUND");
    await buildTinyImage({ name: "acme/once:1", files: { a: "b" }, docker });
    await removeImage("acme/once:1", { docker });
    await removeImage("acme/once:1", { docker });
    expect(await codeOf(inspect("docker-daemon:acme/once:1"))).toBe("IMAGE_NOT_FOUND");
  });

  if (store === "classic") {
    it("is corrupt at depth content when an unpacked file was altered or deleted", async () => {
      const at = `etc/motd-${randomBytes(8).toString("hex")}`;
      await tiny("acme/altered:1", { [at]: "hello" });
      const path = join(await unpackedLayer(engine, at), at);
      const examine = () => inspect("acme/altered:1", { depth: "content" });

      await writeFile(path, "HELLO");
      expect(await examine()).toMatchObject({ subjects: [], corruptions: [{ at }] });
      // The depth says it all: the daemon's word for its ID is still what it was.
      const word = await inspect("acme/altered:1", { depth: "id" });
      expect(word).toMatchObject({ depth: "id", corruptions: [] });
      await rm(path);
      expect(await examine()).toMatchObject({ subjects: [], corruptions: [{ at }] });
      await writeFile(path, "hello");
      expect((await examine()).corruptions).toEqual([]);
    });
  } else {
    it("has no identity at depth content when a layer's blob was altered, cut short or deleted", async () => {
      await tiny("acme/altered:1", { motd: randomBytes(1024).toString("hex") });
      const [manifest] = (await inspect("acme/altered:1", { depth: "id" })).subjects;
      const { layers } = JSON.parse(await readFile(blobFile(engine, manifest?.digest ?? ""), "utf8"));
      const path = blobFile(engine, layers[0].digest);
      const blob = await readFile(path);
      const examine = () => inspect("acme/altered:1", { depth: "content" });

      // The engine notices while it sends: it breaks off.
      const altered = Buffer.from(blob);
      altered.writeUInt8(altered.readUInt8(600) ^ 1, 600);
      await writeFile(path, altered);
      expect(await examine()).toMatchObject({ subjects: [], corruptions: [{}] });
      await writeFile(path, blob.subarray(0, -1));
      expect(await examine()).toMatchObject({ subjects: [], corruptions: [{}] });
      await rm(path);
      expect(await codeOf(examine())).toBe("DOCKER_FAILED");
      await writeFile(path, blob);
      expect((await examine()).corruptions).toEqual([]);
    });

    it("of several platforms is its index and, at depth content, each platform that the engine has", async () => {
      const files: Files = new Map();
      const platforms = [
        { os: "linux", architecture: "amd64" },
        { os: "linux", architecture: "arm64", variant: "v8" },
      ];
      const manifests = await Promise.all(
        platforms.map(async (platform) => {
          // Layers of its own: the engine deletes a platform with its layers, whoever shares them.
          const image = await makeImage({ ...platform, contents: [platform.architecture] });
          return { ...putImage(files, image), platform };
        }),
      );
      const index = put(files, types.index, json({ schemaVersion: 2, mediaType: types.index, manifests }));
      const annotations = { "io.containerd.image.name": "docker.io/acme/many:1" };
      putTable(files, [{ ...index, annotations }]);
      const ofIndex = { kind: "index", digest: index.digest, platform: "" };
      const expectPlatforms = async (...present: string[]) => {
        const word = await inspect("acme/many:1", { depth: "id" });
        expect(word.subjects).toEqual([ofIndex]);
        const { subjects, corruptions } = await inspect("acme/many:1", { depth: "content" });
        expect(corruptions).toEqual([]);
        expect(subjects).toContainEqual(ofIndex);
        expect(subjects.map(({ kind, platform }) => `${kind} ${platform}`).sort()).toEqual(
          ["index ", ...present.flatMap((name) => [`config ${name}`, `manifest ${name}`])].sort(),
        );
      };

      await loadArchive("acme/many:1", files);
      await expectPlatforms("linux/amd64", "linux/arm64/v8");
      const client = await DockerClient.prepare(docker);
      const query = { force: "1", platforms: JSON.stringify(platforms[1]) };
      expect(await client.call("/images/acme/many:1", { method: "DELETE", query })).toMatchObject({
        status: 200,
      });
      await expectPlatforms("linux/amd64");
    });
  }

  it("is not read to its end when the reading is cancelled", async () => {
    await tiny("acme/large:1", { large: randomBytes(2 ** 24).toString("hex") });
    const stop = new AbortController();
    let bytes = 0;
    const onProgress = (progress: { bytes: number }) => {
      bytes = progress.bytes;
      stop.abort();
    };
    expect(await codeOf(inspect("acme/large:1", { depth: "content", signal: stop.signal, onProgress }))).toBe(
      "CANCELLED",
    );
    expect(bytes).toBeLessThan(2 ** 24);
    expect((await inspect("acme/large:1", { depth: "content" })).bytes).toBeGreaterThan(2 ** 24);
  });

  it("is read over ssh, too", { skip: dockerProgram === undefined }, async () => {
    await tiny("acme/remote:1", { a: "b" });
    // Stands for the far machine: drops what ssh would take, and runs the command here.
    const directory = await testDirectory();
    const ssh = '#!/bin/sh\nwhile [ "$1" != "--" ]; do shift; done\nshift 2\nexec "$@"\n';
    await writeFile(join(directory, "ssh"), ssh);
    await chmod(join(directory, "ssh"), 0o755);
    const { PATH, DOCKER_HOST } = process.env;
    process.env["PATH"] = `${directory}${delimiter}${PATH}`;
    process.env["DOCKER_HOST"] = host;
    onTestFinished(() => {
      process.env["PATH"] = PATH;
      if (DOCKER_HOST === undefined) delete process.env["DOCKER_HOST"];
      else process.env["DOCKER_HOST"] = DOCKER_HOST;
    });
    const source = await openImage("docker-daemon:acme/remote:1", {
      docker: { host: "ssh://me@far.example:2222" },
    });
    expect((await source.inspect()).subjects).toEqual((await inspect("acme/remote:1")).subjects);
    await writeFile(join(directory, "ssh"), "#!/bin/sh\necho denied >&2\nexit 255\n");
    expect(await codeOf(source.inspect())).toBe("DOCKER_UNREACHABLE");
  });

  it("is in a daemon that tells what it is", async () => {
    const status = await pingDocker(docker);
    expect(status).toMatchObject({
      host,
      version: expect.stringMatching(/^\d+\./),
      apiVersion: expect.stringMatching(/^1\./),
      store,
    });
  });
});
