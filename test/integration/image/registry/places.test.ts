import { afterAll, beforeAll, describe, expect, inject, it, onTestFinished } from "vitest";
import { buildTinyImage, removeImage } from "../../../../src/image/docker/tools.ts";
import type { ImageFacts, InspectOptions } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { parseNamedReference } from "../../../../src/image/reference.ts";
import { resolveManifest } from "../../../../src/image/registry/manifest.ts";
import { failureOf } from "../../../support/errors.ts";
import {
  codeOf,
  type Files,
  json,
  makeImage,
  ociLayout,
  put,
  putTable,
  sha256,
  types,
  writeLayout,
} from "../../../support/images.ts";
import { hasRegistry, RegistryServer } from "../../../support/registry-server.ts";

const registryOptions = { environment: { DOCKER_CONFIG: "/nonexistent" } };
const engines = inject("engines");

function inspect(
  image: string,
  options?: InspectOptions,
  host = "unix:///nonexistent.sock",
): Promise<ImageFacts> {
  return openImage(image, { registry: registryOptions, docker: { host } }).then((source) =>
    source.inspect(options),
  );
}

describe.skipIf(!hasRegistry)("an image in a real registry", () => {
  let registry: RegistryServer;
  beforeAll(async () => {
    registry = await RegistryServer.start();
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  it.each([false, true])("has the identities that its layout has (gzip: %s)", async (gzip) => {
    const layout = ociLayout(await makeImage(), { gzip });
    await registry.push("acme/app", "1.0", layout);
    const there = await inspect(`oci:${await writeLayout(layout)}:1.0`);
    const image = `docker://${registry.address}/acme/app:1.0`;
    const name = { repository: `${registry.address}/acme/app`, tag: "1.0", carried: true };
    for (const [options, depth, layers] of [
      [{}, "manifest", "unread"],
      [{ depth: "id" }, "manifest", "unread"],
      [{ depth: "content" }, "content", "manifest"],
      [{ depth: "content", thorough: true }, "content", "config"],
      [{ depth: "runtime" }, "runtime", "config"],
    ] as const) {
      expect(await inspect(image, options)).toMatchObject({
        transport: "docker",
        name,
        depth,
        layers,
        // What would run is known only from the layers uncompressed.
        subjects: there.subjects.filter(({ kind }) => kind !== "runtime" || layers === "config"),
        corruptions: [],
      });
    }
  });

  it("is found by its digest, with and without a tag", async () => {
    const layout = ociLayout(await makeImage({ contents: ["by digest"] }));
    await registry.push("acme/digest", "1.0", layout);
    const repository = `${registry.address}/acme/digest`;
    const { digest, bytes } = await resolveManifest(
      parseNamedReference(`${repository}:1.0`),
      registryOptions,
    );
    expect(sha256(bytes)).toBe(digest);
    expect((await inspect(`docker://${repository}@${digest}`)).name).toMatchObject({ tag: "" });
    expect((await inspect(`docker://${repository}:1.0@${digest}`)).name).toMatchObject({ tag: "1.0" });
  });

  it("in Docker's own types, and with several platforms, is read as the OCI's are", async () => {
    const layout: Files = new Map();
    const children = [];
    for (const architecture of ["amd64", "arm64"]) {
      const image = await makeImage({ architecture, contents: [architecture] });
      const layers = image.layers.map((layer) =>
        put(layout, "application/vnd.docker.image.rootfs.diff.tar.gzip", layer),
      );
      const config = put(layout, "application/vnd.docker.container.image.v1+json", image.config);
      const manifest = json({ schemaVersion: 2, mediaType: types.dockerManifest, config, layers });
      children.push({
        ...put(layout, types.dockerManifest, manifest),
        platform: { os: "linux", architecture },
      });
    }
    const mediaType = "application/vnd.docker.distribution.manifest.list.v2+json";
    const list = json({ schemaVersion: 2, mediaType, manifests: children });
    await registry.push("acme/list", "1.0", putTable(layout, [put(layout, mediaType, list)]));
    const image = `docker://${registry.address}/acme/list:1.0`;
    const { subjects } = await inspect(image, { depth: "content" });
    expect(subjects.map(({ kind, platform }) => `${kind} ${platform}`).sort()).toEqual([
      "config linux/amd64",
      "config linux/arm64",
      "index ",
      "manifest linux/amd64",
      "manifest linux/arm64",
    ]);

    await registry.remove("acme/list", "manifests", children[1]?.digest ?? "");
    expect((await inspect(image)).subjects).toHaveLength(3);
  });

  it("that has lost a layer is corrupt at the depth that reads layers", async () => {
    const image = await makeImage({ contents: ["kept", "lost"] });
    await registry.push("acme/lost", "1.0", ociLayout(image));
    await registry.remove("acme/lost", "blobs", sha256(image.layers[1] ?? new Uint8Array()));
    const reference = `docker://${registry.address}/acme/lost:1.0`;
    for (const thorough of [false, true]) {
      expect(await inspect(reference, { depth: "content", thorough })).toMatchObject({
        subjects: [],
        corruptions: [
          {
            at: expect.stringContaining("layer 2"),
            detail: expect.objectContaining({ code: "part-missing" }),
          },
        ],
      });
    }
  });

  it("that is not there is not found", async () => {
    await registry.push("acme/there", "1.0", ociLayout(await makeImage()));
    for (const name of ["acme/there:2.0", "acme/none:1.0", `acme/there@sha256:${"0".repeat(64)}`]) {
      expect(await codeOf(inspect(`docker://${registry.address}/${name}`))).toBe("IMAGE_NOT_FOUND");
    }
  });

  it("that is an artifact of another kind is refused", async () => {
    const layout: Files = new Map();
    const config = put(layout, "application/vnd.cncf.helm.config.v1+json", json({ name: "chart" }));
    const chart = put(layout, "application/vnd.cncf.helm.chart.content.v1.tar+gzip", Buffer.from("chart"));
    const manifest = json({ schemaVersion: 2, mediaType: types.manifest, config, layers: [chart] });
    await registry.push("acme/chart", "1.0", putTable(layout, [put(layout, types.manifest, manifest)]));
    expect(await codeOf(inspect(`docker://${registry.address}/acme/chart:1.0`))).toBe(
      "NOT_A_CONTAINER_IMAGE",
    );
  });

  it("is taken from there when no daemon is", async () => {
    const layout = ociLayout(await makeImage());
    await registry.push("acme/nodaemon", "1.0", layout);
    const facts = await inspect(`${registry.address}/acme/nodaemon:1.0`);
    expect(facts).toMatchObject({ transport: "docker", depth: "manifest" });
    const failure = await failureOf(() => inspect(`${registry.address}/acme/none:1.0`));
    expect(failure.code).toBe("DOCKER_UNREACHABLE");
    expect(failure.message).toContain(`The image registry ${registry.address} has no image`);
    for (const daemonOnly of [`docker-daemon:${registry.address}/acme/nodaemon:1.0`, "abcdef012345"]) {
      const { code, message } = await failureOf(() => inspect(daemonOnly));
      expect(code).toBe("DOCKER_UNREACHABLE");
      expect(message).not.toContain("registry");
    }
  });

  it.each(engines)("is taken from there when the daemon does not have it ($name)", async ({ host }) => {
    await registry.push("acme/both", "1.0", ociLayout(await makeImage()));
    const image = `${registry.address}/acme/both:1.0`;
    expect(await inspect(image, {}, host)).toMatchObject({ transport: "docker" });
    const docker = { host };
    await buildTinyImage({ name: image, files: { a: "b" }, docker });
    onTestFinished(() => removeImage(image, { docker }));
    expect(await inspect(image, {}, host)).toMatchObject({ transport: "docker-daemon" });
    const { code, message } = await failureOf(() => inspect(`${registry.address}/acme/none:1.0`, {}, host));
    expect(code).toBe("IMAGE_NOT_FOUND");
    expect(message).toContain("Docker Engine");
  });

  it("has the runtime digest of its layout where it is read as deep, and by default where it is read thoroughly", async () => {
    const layout = ociLayout(await makeImage({ contents: ["runs"] }), { gzip: true });
    await registry.push("acme/runs", "1.0", layout);
    const image = `docker://${registry.address}/acme/runs:1.0`;
    const there = await inspect(`oci:${await writeLayout(layout)}:1.0`, { depth: "runtime" });
    expect(there.subjects.map(({ kind }) => kind)).toContain("runtime");
    for (const options of [{ depth: "runtime" }, { thorough: true }] as const) {
      const facts = await inspect(image, options);
      expect(facts).toMatchObject({ depth: "runtime", layers: "config", corruptions: [] });
      expect(facts.subjects).toEqual(there.subjects);
    }
  });
});
