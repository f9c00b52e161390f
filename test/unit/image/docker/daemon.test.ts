import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { join } from "node:path";
import { afterEach, describe, expect, it, onTestFinished, vi } from "vitest";
import { pingDocker } from "../../../../src/image/docker/tools.ts";
import { openImage } from "../../../../src/image/open.ts";
import {
  codeOf,
  type Files,
  json,
  legacyArchive,
  makeImage,
  modernArchive,
  put,
  putImage,
  putTable,
  sha256,
  tar,
  testDirectory,
  types,
} from "../../../support/images.ts";

/*
 * No engine with containerd's store is at hand where these tests must run, and no engine hangs on demand: these answers have the shapes that
 * Docker 28 gives. The classic store is tested on a real engine, under test/integration.
 */

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

const reply =
  (status: number, body: Uint8Array | string): Handler =>
  (_request, response) => {
    response.writeHead(status).end(body);
  };

/** A daemon that answers a ping, and by path as given; its address. */
async function daemon(handlers: Record<string, Handler>): Promise<string> {
  const path = join(await testDirectory(), "d.sock");
  const server = createServer((request, response) => {
    const found = Object.entries({ "/_ping": reply(200, "OK"), ...handlers }).find(([at]) =>
      request.url?.startsWith(at),
    );
    (found?.[1] ?? reply(404, '{"message":"no such image"}'))(request, response);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `unix://${path}`;
}

const open = async (handlers: Record<string, Handler>, image = "acme/app:1.0") =>
  openImage(image, { docker: { host: await daemon(handlers) } });

const description = (Id: string, more: object = {}) =>
  json({ Id, RepoTags: ["acme/app:1.0"], Os: "linux", Architecture: "amd64", Size: 1000, ...more });

const containerd = reply(200, json({ DriverStatus: [["driver-type", "io.containerd.snapshotter.v1"]] }));
const classic = reply(200, json({ DriverStatus: [["Backing Filesystem", "extfs"]] }));

/** A store as the daemon presents it: what inspect, save and info answer. */
async function store(options: { id: string; saved: Files; info: Handler; descriptor?: object }) {
  const archive = await tar(options.saved);
  return {
    "/images/docker.io/acme/app:1.0/json": reply(
      200,
      description(options.id, options.descriptor === undefined ? {} : { Descriptor: options.descriptor }),
    ),
    [`/images/${options.id}/get`]: reply(200, archive),
    "/info": options.info,
  };
}

afterEach(() => {
  vi.useRealTimers();
});

describe("an image in containerd's store", () => {
  async function single() {
    const image = await makeImage();
    const saved = modernArchive(image);
    const id = putImage(new Map(), image).digest;
    return { image, saved, id };
  }

  async function multi() {
    const image = await makeImage();
    const files: Files = new Map();
    const child = putImage(files, image);
    const absent = putImage(new Map(), await makeImage({ architecture: "arm64" }));
    const index = put(
      files,
      types.index,
      json({ schemaVersion: 2, mediaType: types.index, manifests: [child, absent] }),
    );
    const name = (bytes: Uint8Array) => `blobs/sha256/${sha256(bytes).slice(7)}`;
    files.set(
      "manifest.json",
      json([{ Config: name(image.config), RepoTags: null, Layers: image.layers.map(name) }]),
    );
    return { image, files, child, index };
  }

  it("has manifest and config for subjects when its ID is of a manifest", async () => {
    const { image, saved, id } = await single();
    const source = await open(await store({ id, saved, info: containerd }));
    const facts = await source.inspect({ depth: "content" });
    expect(facts.subjects.map(({ kind, digest }) => [kind, digest])).toEqual([
      ["manifest", id],
      ["config", sha256(image.config)],
    ]);
    expect(facts).toMatchObject({
      depth: "content",
      corruptions: [],
      name: { repository: "docker.io/acme/app", tag: "1.0" },
    });
  });

  it("has index, manifest and config for subjects when its ID is of an index", async () => {
    const { image, files, child, index } = await multi();
    const source = await open(
      await store({ id: index.digest, saved: putTable(files, [index]), info: containerd }),
    );
    const facts = await source.inspect({ depth: "content" });
    expect(facts.subjects.map(({ kind, digest }) => [kind, digest])).toEqual([
      ["index", index.digest],
      ["manifest", child.digest],
      ["config", sha256(image.config)],
    ]);
  });

  it("may be saved as the one platform that is there", async () => {
    const { image, files, child, index } = await multi();
    const saved = putTable(files, [child]);
    const source = await open(await store({ id: index.digest, saved, info: containerd }));
    expect((await source.inspect({ depth: "content" })).subjects.map(({ digest }) => digest)).toEqual([
      child.digest,
      sha256(image.config),
    ]);
    const other = await open(await store({ id: index.digest, saved, info: classic }));
    expect((await other.inspect({ depth: "content" })).corruptions).toHaveLength(1);
  });

  it("has one subject at the depth id, of the kind that the daemon says", async () => {
    const { saved, id } = await single();
    for (const [mediaType, kind, platform] of [
      [types.manifest, "manifest", "linux/amd64"],
      [types.index, "index", ""],
    ]) {
      const source = await open(
        await store({ id, saved, info: containerd, descriptor: { mediaType, digest: id, size: 1 } }),
      );
      const facts = await source.inspect({ depth: "id" });
      expect(facts).toMatchObject({ depth: "id", bytes: 0, subjects: [{ kind, digest: id, platform }] });
    }
  });

  it("has an index for subject though the daemon names no platform", async () => {
    const { index, files } = await multi();
    const descriptor = { mediaType: types.index, digest: index.digest, size: index.size };
    const handlers = await store({
      id: index.digest,
      saved: putTable(files, [index]),
      info: containerd,
      descriptor,
    });
    const json = description(index.digest, { Descriptor: descriptor, Os: "", Architecture: "" });
    const source = await open({ ...handlers, "/images/docker.io/acme/app:1.0/json": reply(200, json) });
    expect((await source.inspect({ depth: "id" })).subjects).toEqual([
      { kind: "index", digest: index.digest, platform: "" },
    ]);
    expect((await source.inspect({ depth: "content" })).subjects).toHaveLength(3);
  });

  it("is read deeper than asked where the daemon does not say what its ID is of", async () => {
    const { saved, id } = await single();
    const source = await open(await store({ id, saved, info: containerd }));
    expect((await source.inspect({ depth: "id" })).depth).toBe("content");
  });

  it("is corrupt when a blob that it sends whole is another", async () => {
    const { image, saved, id } = await single();
    const layer = Buffer.from(image.layers[0] ?? "");
    layer[600] = 1;
    saved.set(`blobs/sha256/${sha256(image.layers[0] ?? layer).slice(7)}`, layer);
    const source = await open(await store({ id, saved, info: containerd }));
    expect(await source.inspect({ depth: "content" })).toMatchObject({ subjects: [], corruptions: [{}] });
  });
});

describe("an image in the classic store of a newer engine", () => {
  it("has its config for subject, for its manifest is made up", async () => {
    const image = await makeImage();
    const id = sha256(image.config);
    const source = await open(await store({ id, saved: modernArchive(image), info: classic }));
    const subjects = [{ kind: "config", digest: id, platform: "linux/amd64" }];
    expect((await source.inspect({ depth: "content" })).subjects).toEqual(subjects);
    expect((await source.inspect({ depth: "id" })).subjects).toEqual(subjects);
  });

  it("is corrupt when another image is saved than was asked for", async () => {
    const other = await makeImage({ contents: ["other"] });
    const id = sha256((await makeImage()).config);
    for (const saved of [legacyArchive(other), modernArchive(other)]) {
      const source = await open(await store({ id, saved, info: classic }));
      expect(await source.inspect({ depth: "content" })).toMatchObject({
        subjects: [],
        corruptions: [{ at: "config" }],
      });
    }
  });
});

describe("a daemon", () => {
  it("that is not there is unreachable", async () => {
    const host = `unix://${join(await testDirectory(), "none.sock")}`;
    expect(
      await codeOf((await openImage("docker-daemon:x", { docker: { host } })).inspect({ depth: "content" })),
    ).toBe("DOCKER_UNREACHABLE");
    expect(await codeOf(pingDocker({ host }))).toBe("DOCKER_UNREACHABLE");
    const closed = { host: "tcp://127.0.0.1:1" };
    expect(
      await codeOf((await openImage("docker-daemon:x", { docker: closed })).inspect({ depth: "content" })),
    ).toBe("DOCKER_UNREACHABLE");
  });

  it("that does not know the image says so", async () => {
    expect(await codeOf((await open({}, "docker-daemon:acme/app:1.0")).inspect({ depth: "content" }))).toBe(
      "IMAGE_NOT_FOUND",
    );
  });

  it.each([
    ["fails", reply(500, '{"message":"boom"}'), "DOCKER_FAILED"],
    ["fails without a word", reply(500, ""), "DOCKER_FAILED"],
    ["forbids", reply(403, '{"message":"authorization denied"}'), "DOCKER_FAILED"],
    ["speaks no JSON", reply(200, "<html>"), "JSON_INVALID"],
    ["says nothing", reply(200, ""), "JSON_INVALID"],
    ["names no ID", reply(200, '{"Id":"latest"}'), "JSON_INVALID"],
    ["says too much", reply(200, Buffer.alloc(5 * 1024 * 1024, " ")), "DOCKER_FAILED"],
    [
      "hangs up",
      (_request: IncomingMessage, response: ServerResponse) => response.destroy(),
      "DOCKER_UNREACHABLE",
    ],
  ])("that %s gives no verdict", async (_what, handler, code) => {
    const source = await open({ "/images/docker.io/acme/app:1.0/json": handler });
    expect(await codeOf(source.inspect({ depth: "content" }))).toBe(code);
  });

  it("that breaks off its answer gives no verdict", async () => {
    const image = await makeImage();
    const id = sha256(image.config);
    const archive = await tar(legacyArchive(image));
    const handlers = await store({ id, saved: legacyArchive(image), info: classic });
    for (const end of [0, 1, 600, archive.length - 1024, archive.length - 1]) {
      const whole = await open({ ...handlers, [`/images/${id}/get`]: reply(200, archive.subarray(0, end)) });
      expect(await codeOf(whole.inspect({ depth: "content" }))).toBe("DOCKER_FAILED");
      const torn = await open({
        ...handlers,
        [`/images/${id}/get`]: (_request, response) => {
          response.write(archive.subarray(0, end), () => response.destroy());
          response.flushHeaders();
        },
      });
      expect(["DOCKER_FAILED", "DOCKER_UNREACHABLE"]).toContain(
        await codeOf(torn.inspect({ depth: "content" })),
      );
    }
  });

  it("that finds a file of a layer altered says which", async () => {
    const id = sha256((await makeImage()).config);
    const handlers = await store({ id, saved: new Map(), info: classic });
    for (const message of [
      'file integrity checksum failed for "./etc/motd"',
      "open /var/lib/docker/overlay2/0123/diff/etc/motd: no such file or directory",
    ]) {
      const source = await open({ ...handlers, [`/images/${id}/get`]: reply(500, json({ message })) });
      expect(await source.inspect({ depth: "content" })).toMatchObject({
        subjects: [],
        corruptions: [{ at: "etc/motd" }],
      });
    }
    const source = await open({
      ...handlers,
      [`/images/${id}/get`]: reply(500, '{"message":"no space left on device"}'),
    });
    expect(await codeOf(source.inspect({ depth: "content" }))).toBe("DOCKER_FAILED");
  });

  it.each([
    ["ping", "/_ping", 5_000, "DOCKER_UNREACHABLE"],
    ["description", "/images/docker.io/acme/app:1.0/json", 10_000, "DOCKER_FAILED"],
  ])("that never answers a %s is not waited for", async (_what, path, time, code) => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const asked = Promise.withResolvers<void>();
    const source = await open({ [path]: () => asked.resolve() });
    const result = codeOf(source.inspect({ depth: "content" }));
    await asked.promise;
    await vi.advanceTimersByTimeAsync(time);
    expect(await result).toBe(code);
  });

  async function hangingSave(onHang: (response: ServerResponse) => void) {
    const image = await makeImage();
    const id = sha256(image.config);
    const archive = await tar(legacyArchive(image));
    return open({
      ...(await store({ id, saved: new Map(), info: classic })),
      [`/images/${id}/get`]: (_request, response) => {
        response.write(archive.subarray(0, 2000));
        onHang(response);
      },
    });
  }

  it("that falls silent in the middle is not waited for", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const read = Promise.withResolvers<void>();
    const source = await hangingSave(() => {});
    const result = codeOf(source.inspect({ depth: "content", onProgress: () => read.resolve() }));
    await read.promise;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await result).toBe("DOCKER_FAILED");
  });

  it("loses the connection at once when the reading is cancelled", async () => {
    const closed = Promise.withResolvers<void>();
    const source = await hangingSave((response) => response.once("close", () => closed.resolve()));
    const stop = new AbortController();
    expect(
      await codeOf(source.inspect({ depth: "content", signal: stop.signal, onProgress: () => stop.abort() })),
    ).toBe("CANCELLED");
    await closed.promise;
  });

  it("tells its version and store", async () => {
    const version = reply(200, json({ Version: "28.5.1", ApiVersion: "1.51" }));
    const host = await daemon({ "/version": version, "/info": containerd });
    expect(await pingDocker({ host })).toEqual({
      version: "28.5.1",
      apiVersion: "1.51",
      store: "containerd",
      host,
    });
  });
});

describe("an image is named", () => {
  const image = "docker-daemon:";
  const id = `sha256:cafe${"0".repeat(60)}`;

  it.each([
    ["by what was typed", "acme/app", null, { repository: "docker.io/acme/app", tag: "latest" }],
    [
      "by its first tag when its ID was typed",
      id,
      ["b/c:2", "a/b:1"],
      { repository: "docker.io/b/c", tag: "2" },
    ],
    [
      "by its first tag when the ID's beginning was typed",
      "cafe",
      ["a/b:1"],
      { repository: "docker.io/a/b", tag: "1" },
    ],
    [
      "by what was typed though it could be an ID",
      "cafe",
      ["cafe:latest"],
      { repository: "docker.io/library/cafe" },
    ],
    ["not at all when it has no name", id, [], undefined],
    [
      "without a tag by a digest",
      `acme/app@${id}`,
      ["acme/app:1"],
      { repository: "docker.io/acme/app", tag: "" },
    ],
  ])("%s", async (_what, typed, RepoTags, name) => {
    const handlers = { "/images/": reply(200, description(id, { RepoTags })), "/info": classic };
    const facts = await (await open(handlers, `${image}${typed}`)).inspect({ depth: "id" });
    if (name === undefined) expect(facts.name).toBeUndefined();
    else expect(facts.name).toMatchObject(name);
  });
});
