import { execFileSync } from "node:child_process";
import { chmod, glob, readFile, rm, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { describe, expect, inject, it, onTestFinished } from "vitest";
import { DockerClient } from "../../../src/image/docker-client.ts";
import { buildTinyImage, pingDocker, removeImage } from "../../../src/image/docker-tools.ts";
import type { ImageFacts, InspectOptions } from "../../../src/image/image.ts";
import { openImage } from "../../../src/image/open.ts";
import { codeOf, json, legacyArchive, makeImage, sha256, tar, testDirectory } from "../../support/images.ts";

const host = inject("dockerHost");
const root = inject("dockerRoot");
const docker = { host };

async function inspect(image: string, options?: InspectOptions): Promise<ImageFacts> {
  return (await openImage(image, { docker })).inspect(options);
}

function has(command: string): boolean {
  try {
    execFileSync(command, ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
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
  const body = Buffer.from(await tar(legacyArchive({ config, layers }, [name])));
  const answer = await (await DockerClient.prepare(docker)).open("/images/load", {
    method: "POST",
    query: { quiet: "1" },
    body,
  });
  for await (const piece of answer.body) expect(String(piece)).not.toContain("error");
  onTestFinished(() => removeImage(name, { docker }));
  return sha256(config);
}

async function save(name: string, path: string): Promise<void> {
  const { body } = await (await DockerClient.prepare(docker)).open(`/images/${name}/get`);
  await writeFile(path, body);
}

describe.skipIf(host === undefined)("an image in a real Docker Engine", () => {
  it("has the same config digest by name, by ID, and in an archive of docker save", async () => {
    const id = await load("acme/same:1.0");
    const subject = { kind: "config", digest: id, platform: "linux/amd64" };
    const name = { repository: "docker.io/acme/same", tag: "1.0", carried: true };
    for (const image of [
      "acme/same:1.0",
      "docker-daemon:docker.io/acme/same:1.0",
      id,
      id.slice(7),
      id.slice(7, 19),
    ]) {
      for (const depth of ["id", "content"] as const) {
        const facts = await inspect(image, { depth });
        expect(facts).toMatchObject({ image, depth, name, corruptions: [] });
        expect(facts.subjects).toContainEqual(subject);
      }
    }
    const archive = join(await testDirectory(), "saved.tar");
    await save("acme/same:1.0", archive);
    expect(await inspect(`docker-archive:${archive}`)).toMatchObject({
      name,
      subjects: [subject],
      corruptions: [],
    });
  });

  it.skipIf(!has("skopeo"))("has the same config digest in OCI layouts that skopeo makes of it", async () => {
    const id = await load("acme/copied:1.0");
    const directory = await testDirectory();
    const archive = join(directory, "saved.tar");
    await save("acme/copied:1.0", archive);
    for (const layout of [
      `oci:${join(directory, "layout")}:1.0`,
      `oci-archive:${join(directory, "layout.tar")}:1.0`,
    ]) {
      execFileSync("skopeo", ["copy", "--quiet", `docker-archive:${archive}`, layout]);
      const facts = await inspect(layout);
      expect(facts.corruptions).toEqual([]);
      expect(facts.subjects.find(({ kind }) => kind === "config")?.digest).toBe(id);
      expect(facts.name?.tag).toBe("1.0");
    }
  });

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

  it.skipIf(root === undefined)(
    "is corrupt when a file in the layer store was altered or deleted",
    async () => {
      await tiny("acme/altered:1", { "etc/motd-of-daochain": "hello" });
      const found: string[] = [];
      for await (const path of glob(
        ["overlay2/*/diff/etc/motd-of-daochain", "vfs/dir/*/etc/motd-of-daochain"],
        { cwd: root ?? "" },
      )) {
        found.push(join(root ?? "", path));
      }
      const [path = ""] = found;
      const at = "etc/motd-of-daochain";
      const content = await readFile(path, "utf8");

      await writeFile(path, "HELLO");
      expect(await inspect("acme/altered:1")).toMatchObject({ subjects: [], corruptions: [{ at }] });
      // The depth says it all: the daemon's word for its ID is still what it was.
      expect(await inspect("acme/altered:1", { depth: "id" })).toMatchObject({
        depth: "id",
        corruptions: [],
      });
      await rm(path);
      expect(await inspect("acme/altered:1")).toMatchObject({ subjects: [], corruptions: [{ at }] });
      await writeFile(path, content);
      expect((await inspect("acme/altered:1")).corruptions).toEqual([]);
    },
  );

  it("is not read to its end when the reading is cancelled", async () => {
    await tiny("acme/large:1", { large: "0123456789abcdef".repeat(2 ** 21) });
    const stop = new AbortController();
    let bytes = 0;
    const onProgress = (progress: { bytes: number }) => {
      bytes = progress.bytes;
      stop.abort();
    };
    expect(await codeOf(inspect("acme/large:1", { signal: stop.signal, onProgress }))).toBe("CANCELLED");
    expect(bytes).toBeLessThan(2 ** 25);
    expect((await inspect("acme/large:1")).bytes).toBeGreaterThan(2 ** 25);
  });

  it("is read over ssh, too", { skip: !has("docker") }, async () => {
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
    const source = await openImage("docker-daemon:acme/remote:1", { docker: { host: "ssh://me@far.example:2222" } });
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
    });
    expect(["classic", "containerd"]).toContain(status.store);
  });
});
