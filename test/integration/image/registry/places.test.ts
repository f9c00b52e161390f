import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ImageFacts, InspectOptions } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { makeImage, ociLayout, writeLayout } from "../../../support/images.ts";
import { hasRegistry, RegistryServer } from "../../../support/registry-server.ts";

const environment = { DOCKER_CONFIG: "/nonexistent" };

function inspect(image: string, options?: InspectOptions): Promise<ImageFacts> {
  return openImage(image, { registry: { environment } }).then((source) => source.inspect(options));
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
});
