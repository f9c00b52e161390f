import { createServer } from "node:http";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { listDaemonLayers } from "../../../../src/image/docker/layers.ts";
import { listDaemonImages } from "../../../../src/image/docker/list.ts";
import type { Digest } from "../../../../src/internal.ts";
import { codeOf } from "../../../support/errors.ts";
import { testDirectory } from "../../../support/images.ts";

// What no real engine does when asked to: that real ones list what they have is tested under test/e2e.

const digest = (hex: string) => `sha256:${hex.repeat(64)}`;
const image = (more: object = {}) => ({
  Id: digest("a"),
  RepoTags: ["acme/api:1"],
  RepoDigests: [],
  Created: 1_700_000_000,
  Size: 1000,
  ...more,
});

/** Lists what a daemon gives as its images. */
async function list(answer: string | object, status = 200) {
  return listDaemonImages({ host: await daemon(() => answer, status) });
}

/** Lists what a daemon gives as an image's layers. */
async function layers(description: object, history: string | object) {
  const host = await daemon((url) => (url.endsWith("/history") ? history : description));
  return listDaemonLayers(digest("a") as Digest, { host });
}

/** A daemon that gives these answers. */
async function daemon(answerTo: (url: string) => string | object, status = 200): Promise<string> {
  const path = join(await testDirectory(), "d.sock");
  const server = createServer((request, response) => {
    const answer = answerTo(request.url ?? "");
    const body = typeof answer === "string" ? answer : JSON.stringify(answer);
    if (request.url === "/_ping") response.end("OK");
    else response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `unix://${path}`;
}

describe("a daemon's list of images", () => {
  it("is given newest first, each with its names and the digests that registries know it by", async () => {
    const served = [`acme/api@${digest("b")}`, `mirror.example/acme/api@${digest("b")}`];
    const images = await list([
      image({ Created: 1 }),
      image({ Id: digest("c"), RepoTags: ["acme/api:2", "api:2"], RepoDigests: served, Created: 2 }),
    ]);
    expect(images).toEqual([
      { id: digest("c"), names: ["acme/api:2", "api:2"], digests: [digest("b")], created: 2, size: 1000 },
      { id: digest("a"), names: ["acme/api:1"], digests: [], created: 1, size: 1000 },
    ]);
  });

  it.each([
    ["null", null],
    ["what older daemons write", ["<none>:<none>"]],
  ])("has images without a name, told as %s", async (_what, RepoTags) => {
    const [found] = await list([image({ RepoTags, RepoDigests: ["<none>@<none>"] })]);
    expect(found).toMatchObject({ names: [], digests: [] });
  });

  it("leaves out names that are no references, and keeps the image", async () => {
    const RepoTags = ["acme/\u001b[2Japi:1", "acme/api:1", "../etc:1", "acme/api:1"];
    const [found] = await list([image({ RepoTags, RepoDigests: [`acme/api@${digest("z")}`] })]);
    expect(found).toMatchObject({ names: ["acme/api:1"], digests: [] });
  });

  it.each([-62_135_596_800, "yesterday", 1e300])("takes %j for no time", async (Created) => {
    expect((await list([image({ Created })]))[0]?.created).toBe(0);
  });

  it("may be long: labels take what their makers wrote", async () => {
    const Labels = { text: "x".repeat(1000) };
    const images = Array.from({ length: 8000 }, () => image({ Labels }));
    await expect(list(images)).resolves.toHaveLength(8000);
  });

  it.each([
    ["an object", {}, "DOCKER_FAILED"],
    ["no JSON", "[", "JSON_INVALID"],
    ["a name twice in one object", `[{"Id":"${digest("a")}","Id":"${digest("b")}"}]`, "JSON_INVALID"],
    ["an ID that is none", [image({ Id: "sha256:../../etc" })], "JSON_INVALID"],
    ["a size that is none", [image({ Size: -1 })], "JSON_INVALID"],
    ["names that are none", [image({ RepoTags: [{}] })], "JSON_INVALID"],
    ["more names than anyone gives", [image({ RepoTags: Array(1001).fill("a:1") })], "JSON_LIST_TOO_LONG"],
    ["more images than are looked at", Array(10_001).fill(image()), "ENGINE_LISTS_TOO_MUCH"],
  ])("is refused where the daemon gives %s", async (_what, answer, code) => {
    expect(await codeOf(() => list(answer))).toBe(code);
  });

  it("is a failure of the daemon where it has none to give", async () => {
    expect(await codeOf(() => list({ message: "out of order" }, 500))).toBe("DOCKER_FAILED");
  });
});

describe("a daemon's layers of an image", () => {
  const two = { RootFS: { Type: "layers", Layers: [digest("1"), digest("2")] } };
  const step = (Size: number, CreatedBy: string) => ({ Id: "<missing>", Size, CreatedBy });

  it("are given from the lowest, each with the step that made it", async () => {
    const found = await layers(two, [step(0, "CMD sh"), step(20, "RUN make"), step(10, "ADD rootfs.tar /")]);
    expect(found).toEqual([
      { diffId: digest("1"), size: 10, createdBy: "ADD rootfs.tar /" },
      { diffId: digest("2"), size: 20, createdBy: "RUN make" },
    ]);
  });

  it("are not said to be of a step where the steps do not tell", async () => {
    const found = await layers(two, [step(0, "RUN true"), step(10, "ADD rootfs.tar /")]);
    expect(found).toEqual([
      { diffId: digest("1"), size: undefined, createdBy: undefined },
      { diffId: digest("2"), size: undefined, createdBy: undefined },
    ]);
  });

  it("are none where the image has none", async () => {
    expect(await layers({}, [])).toEqual([]);
  });

  it.each([
    ["a list of something else", two, [1]],
    ["a size that is none", two, [step(-1, "")]],
    ["no JSON", two, "<html>"],
    ["layers that are no list", { RootFS: { Layers: "many" } }, []],
    ["too many layers", { RootFS: { Layers: Array.from({ length: 1001 }, () => digest("1")) } }, []],
  ])("are refused where the daemon gives %s", async (_what, description, history) => {
    expect(await codeOf(() => layers(description, history))).toMatch(
      /^(JSON_INVALID|JSON_LIST_TOO_LONG|DOCKER_FAILED)$/,
    );
  });
});
