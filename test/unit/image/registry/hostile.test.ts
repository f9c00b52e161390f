import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, expect, it } from "vitest";
import type { ImageFacts, InspectOptions } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import type { RegistryTiming } from "../../../../src/image/registry/options.ts";
import { failureOf } from "../../../support/errors.ts";
import { type FakeRegistry, fakeRegistry, type Intercept } from "../../../support/fake-registry.ts";
import { serve } from "../../../support/http-server.ts";
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
  types,
} from "../../../support/images.ts";
import { asJson } from "../../../support/json.ts";

const quick: Partial<RegistryTiming> = { firstWait: 1, longestWait: 50, idle: 300, headers: 300 };
const environment = { DOCKER_CONFIG: "/nonexistent" };
const content = { depth: "content" } as const;

async function inspect(
  { address }: FakeRegistry,
  options?: InspectOptions,
  timing: Partial<RegistryTiming> = {},
  reference = ":1.0",
): Promise<ImageFacts> {
  const registry = { environment, timing: { ...quick, ...timing } };
  return (await openImage(`docker://${address}/acme/app${reference}`, { registry })).inspect(options);
}

/** A layout of one image with one layer of this many random bytes. */
async function bigLayout(size: number): Promise<{ layout: Files; layer: string }> {
  const bytes = randomBytes(size);
  const config = json({
    architecture: "amd64",
    os: "linux",
    rootfs: { type: "layers", diff_ids: [sha256(bytes)] },
  });
  return { layout: ociLayout({ config, layers: [bytes] }), layer: sha256(bytes) };
}

const small = async () => ociLayout(await makeImage());
const isFor = (request: IncomingMessage, part: string) => request.url?.includes(part) === true;

function respond(response: ServerResponse, status: number, headers: object = {}, body = ""): true {
  response.writeHead(status, { ...headers }).end(body);
  return true;
}

/** Misbehaves for so many requests whose path has a part, then no more. */
function times(
  count: number,
  part: string,
  act: (response: ServerResponse, request: IncomingMessage) => void,
): Intercept {
  let left = count;
  return (request, response) => {
    if (!isFor(request, part) || left-- <= 0) return false;
    act(response, request);
    return true;
  };
}

describe("a registry that fails in passing", () => {
  it.each([408, 429, 500, 502, 503, 504])("is asked again after status %i", async (status) => {
    for (const part of ["/manifests/", "/blobs/"]) {
      const registry = await fakeRegistry(
        await small(),
        times(2, part, (response) => respond(response, status)),
      );
      expect((await inspect(registry)).corruptions).toEqual([]);
    }
  });

  it("is asked again after a connection that was reset", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(2, "/manifests/", (response) => response.destroy()),
    );
    expect((await inspect(registry)).subjects).toHaveLength(2);
  });

  it("is left alone as long as it asks", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(1, "/manifests/", (response) => respond(response, 429, { "retry-after": "1" })),
    );
    const began = performance.now();
    await inspect(registry, undefined, { longestWait: 5_000 });
    expect(performance.now() - began).toBeGreaterThan(990);
  });

  it.each(["3600", new Date(Date.now() + 3_600_000).toUTCString()])(
    "is given up when it asks to be left alone for too long: %s",
    async (retryAfter) => {
      const registry = await fakeRegistry(
        await small(),
        times(99, "/manifests/", (response) => respond(response, 429, { "retry-after": retryAfter })),
      );
      const failure = await failureOf(() => inspect(registry));
      expect(failure.code).toBe("REGISTRY_FAILED");
      expect(failure.hint).toContain("seconds");
      expect(registry.seen).toHaveLength(1);
    },
  );

  it("is given up after five tries", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) => respond(response, 503)),
    );
    expect(await codeOf(inspect(registry))).toBe("REGISTRY_FAILED");
    expect(registry.seen).toHaveLength(5);
  });

  it("does not keep who cancels waiting", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) => respond(response, 503, { "retry-after": "50" })),
    );
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 100);
    const work = inspect(registry, { signal: stop.signal }, { longestWait: 60_000 });
    expect(await codeOf(work)).toBe("CANCELLED");
  });
});

describe("a download that breaks off", () => {
  const size = 300_000;
  const cutAt =
    (bytes: Buffer | Uint8Array, at: number) =>
    (response: ServerResponse): void => {
      response.writeHead(200, { "content-length": bytes.length });
      response.write(bytes.subarray(0, at), () => setTimeout(() => response.destroy(), 20));
    };
  const layerOf = (layout: Files, layer: string): Uint8Array => {
    const bytes = layout.get(`blobs/sha256/${layer.slice(7)}`);
    if (bytes === undefined || typeof bytes === "string") throw new Error("no layer");
    return bytes;
  };

  it("goes on from its last byte", async () => {
    const { layout, layer } = await bigLayout(size);
    const registry = await fakeRegistry(layout, times(1, layer, cutAt(layerOf(layout, layer), 100_000)));
    for (const thorough of [false, true]) {
      const facts = await inspect(registry, { ...content, thorough });
      expect(facts).toMatchObject({ corruptions: [], layers: thorough ? "config" : "manifest" });
    }
    const [first, second] = registry.seen.filter(({ url }) => url.includes(layer));
    expect(first?.headers.range).toBeUndefined();
    expect(second?.headers.range).toBe("bytes=100000-");
  });

  it("skips what it has where the registry begins anew", async () => {
    const { layout, layer } = await bigLayout(size);
    const bytes = layerOf(layout, layer);
    let requests = 0;
    const registry = await fakeRegistry(layout, (request, response) => {
      if (!isFor(request, layer)) return false;
      if (requests++ === 0) cutAt(bytes, 100_000)(response);
      else response.writeHead(200, { "content-length": bytes.length }).end(bytes);
      return true;
    });
    const facts = await inspect(registry, { ...content, thorough: true });
    expect(facts.corruptions).toEqual([]);
    expect(facts.bytes).toBeLessThan(size + 10_000);
  });

  it.each([
    ["another range", 206, { "content-range": `bytes 5-${size - 1}/${size}` }],
    ["no range", 206, {}],
    ["that there is none", 416, {}],
    ["that it is gone", 404, {}],
  ])("fails where the registry goes on with %s", async (_what, status, headers) => {
    const { layout, layer } = await bigLayout(size);
    const bytes = layerOf(layout, layer);
    let requests = 0;
    const registry = await fakeRegistry(layout, (request, response) => {
      if (!isFor(request, layer)) return false;
      if (requests++ === 0) cutAt(bytes, 100_000)(response);
      else response.writeHead(status, headers).end(bytes.subarray(5));
      return true;
    });
    expect(await codeOf(inspect(registry, content))).toBe("REGISTRY_FAILED");
  });

  it("is given up where it never gets anywhere", async () => {
    const { layout, layer } = await bigLayout(size);
    const registry = await fakeRegistry(layout, times(99, layer, cutAt(layerOf(layout, layer), 0)));
    expect(await codeOf(inspect(registry, content))).toBe("REGISTRY_FAILED");
    expect(registry.seen.filter(({ url }) => url.includes(layer))).toHaveLength(5);
  });

  it("is no end of the blob where only the connection's end tells it", async () => {
    const { layout, layer } = await bigLayout(size);
    const bytes = layerOf(layout, layer);
    const registry = await fakeRegistry(
      layout,
      times(1, layer, (response) => {
        response.socket?.end(
          Buffer.concat([
            Buffer.from("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n"),
            bytes.subarray(0, 1000),
          ]),
        );
      }),
    );
    expect((await inspect(registry, content)).corruptions).toEqual([]);
  });

  it("takes the rest of a download that stopped, but not of one that never began", async () => {
    const { layout, layer } = await bigLayout(size);
    const bytes = layerOf(layout, layer);
    const stops = await fakeRegistry(
      layout,
      times(1, layer, (response) => {
        response.writeHead(200, { "content-length": bytes.length }).write(bytes.subarray(0, 1000));
      }),
    );
    expect((await inspect(stops, content)).corruptions).toEqual([]);
    const silent = await fakeRegistry(
      layout,
      times(99, layer, (response) => {
        response.writeHead(200, { "content-length": bytes.length }).flushHeaders();
      }),
    );
    expect(await codeOf(inspect(silent, content))).toBe("REGISTRY_FAILED");
    expect(silent.seen.filter(({ url }) => url.includes(layer))).toHaveLength(1);
  });
});

describe("a registry that sends too much or too little", () => {
  const endless = (response: ServerResponse): void => {
    const piece = Buffer.alloc(65_536, 0x20);
    response.writeHead(200, { "content-type": types.manifest });
    const more = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once("drain", more);
    };
    more();
  };

  it("gets no more of a manifest read than 4 MiB", async () => {
    const registry = await fakeRegistry(await small(), times(99, "/manifests/", endless));
    expect(await codeOf(inspect(registry))).toBe("REGISTRY_MANIFEST_TOO_LARGE");
  });

  it.each([false, true])("gets one byte more of a blob read than it has (thorough: %s)", async (thorough) => {
    const { layout, layer } = await bigLayout(1000);
    const registry = await fakeRegistry(layout, times(99, layer, endless));
    const facts = await inspect(registry, { ...content, thorough });
    expect(asJson(facts)).toMatchObject({
      subjects: [],
      corruptions: [{ detail: expect.stringContaining("more") }],
    });
    expect(facts.bytes).toBeLessThan(4000);
  });

  it("dribbles, and is given up", async () => {
    const { layout, layer } = await bigLayout(1000);
    for (const part of ["/manifests/", layer]) {
      const registry = await fakeRegistry(
        layout,
        times(99, part, (response) => {
          response.writeHead(200, { "content-type": types.manifest });
          const timer = setInterval(() => response.write(" "), 20);
          response.once("close", () => clearInterval(timer));
        }),
      );
      expect(await codeOf(inspect(registry, content, { rateWindow: 400 }))).toBe("REGISTRY_FAILED");
    }
  });

  it("does not answer, and is given up", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", () => {}),
    );
    expect(await codeOf(inspect(registry))).toBe("REGISTRY_FAILED");
  });

  it.each([
    ["fewer", -1],
    ["none", -1000],
  ])("has %s bytes of a layer", async (_what, less) => {
    const { layout, layer } = await bigLayout(1000);
    const registry = await fakeRegistry(
      layout,
      times(99, layer, (response) => response.end(Buffer.alloc(1000 + less))),
    );
    expect(await inspect(registry, content)).toMatchObject({ subjects: [], corruptions: [{}] });
  });

  it("sends headers without end", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) => {
        response.socket?.end(`HTTP/1.1 200 OK\r\n${"x: y\r\n".repeat(100_000)}\r\n`);
      }),
    );
    expect(["REGISTRY_UNREACHABLE", "REGISTRY_FAILED"]).toContain(await codeOf(inspect(registry)));
  });

  it("speaks no HTTP", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) => response.socket?.end("hello\r\n\r\n")),
    );
    expect(await codeOf(inspect(registry))).toBe("REGISTRY_UNREACHABLE");
  });
});

describe("a registry that lies", () => {
  const attestation = json({
    architecture: "unknown",
    os: "unknown",
    rootfs: { type: "layers", diff_ids: [sha256(json({}))] },
  });
  const flipped = (bytes: Uint8Array): Uint8Array => Buffer.from(bytes).fill(0x78, 100, 101);

  it("about a layer's bytes is corrupt, compared with the manifest or the config", async () => {
    const { layout, layer } = await bigLayout(1000);
    layout.set(`blobs/sha256/${layer.slice(7)}`, Buffer.alloc(1000, "x"));
    const registry = await fakeRegistry(layout);
    for (const thorough of [false, true]) {
      const facts = await inspect(registry, { ...content, thorough });
      expect(facts).toMatchObject({ subjects: [], corruptions: [{ at: expect.stringContaining(layer) }] });
    }
    // At the depth of manifests, layers are not looked at, and the facts say so.
    expect(await inspect(registry)).toMatchObject({ depth: "manifest", layers: "unread", corruptions: [] });
  });

  it("about what layers unpack to is seen where they are unpacked", async () => {
    const image = await makeImage();
    const other = await makeImage({ contents: ["other", "second"] });
    const registry = await fakeRegistry(ociLayout({ config: image.config, layers: other.layers }));
    expect((await inspect(registry, content)).corruptions).toEqual([]);
    expect(await inspect(registry, { ...content, thorough: true })).toMatchObject({
      subjects: [],
      corruptions: [{ at: expect.stringContaining("layer 1") }],
    });
  });

  it("about a config's bytes is corrupt", async () => {
    const image = await makeImage();
    const layout = ociLayout(image);
    layout.set(`blobs/sha256/${sha256(image.config).slice(7)}`, flipped(image.config));
    expect(await inspect(await fakeRegistry(layout))).toMatchObject({
      subjects: [],
      corruptions: [{ at: "config" }],
    });
  });

  it.each([sha256(Buffer.from("other")), "sha256:xyz", "other", ""])(
    "about its manifest's digest is corrupt: %j",
    async (digest) => {
      const layout = await small();
      const table = JSON.parse(String(Buffer.from(layout.get("index.json") ?? "")));
      const bytes = layout.get(`blobs/sha256/${table.manifests[0].digest.slice(7)}`);
      const registry = await fakeRegistry(
        layout,
        times(99, "/manifests/", (response) => {
          response
            .writeHead(200, { "content-type": types.manifest, "docker-content-digest": digest })
            .end(bytes);
        }),
      );
      expect(await inspect(registry)).toMatchObject({ subjects: [], corruptions: [{}] });
    },
  );

  it("about what a digest stands for is corrupt", async () => {
    const digest = sha256(Buffer.from("other"));
    const layout = await small();
    const other = await makeImage({ contents: ["other"] });
    const descriptor = putImage(layout, other);
    const bytes = layout.get(`blobs/sha256/${descriptor.digest.slice(7)}`);
    const registry = await fakeRegistry(
      layout,
      times(99, "/manifests/", (response) => {
        response.writeHead(200, { "content-type": types.manifest }).end(bytes);
      }),
    );
    const facts = await inspect(registry, undefined, {}, `@${digest}`);
    expect(facts).toMatchObject({ subjects: [], corruptions: [{}] });
  });

  it.each([
    ["an index served as a manifest", types.manifest, { manifests: [] }, "IMAGE_DOCUMENT_AMBIGUOUS"],
    ["a manifest served as an index", types.index, { layers: [] }, "IMAGE_DOCUMENT_AMBIGUOUS"],
    ["a type of its own", types.manifest, { mediaType: types.dockerManifest }, "IMAGE_DOCUMENT_AMBIGUOUS"],
    [
      "a schema 1 manifest",
      "application/vnd.docker.distribution.manifest.v1+prettyjws",
      {},
      "NOT_A_CONTAINER_IMAGE",
    ],
    ["a web page", "text/html; charset=utf-8", {}, "NOT_A_CONTAINER_IMAGE"],
    ["two types", `${types.manifest}, ${types.index}`, {}, "NOT_A_CONTAINER_IMAGE"],
    ["no type", undefined, {}, "REGISTRY_TYPE_UNTOLD"],
    [
      "a chart",
      types.manifest,
      { config: put(new Map(), "application/vnd.cncf.helm.config.v1+json", json({})), layers: [] },
      "NOT_A_CONTAINER_IMAGE",
    ],
    [
      "a signature",
      types.manifest,
      {
        config: put(new Map(), types.config, json({})),
        layers: [put(new Map(), "application/vnd.dev.cosign.simplesigning.v1+json", json({}))],
      },
      "NOT_A_CONTAINER_IMAGE",
    ],
    [
      "an attestation",
      types.manifest,
      {
        config: put(new Map(), types.config, attestation),
        layers: [put(new Map(), "application/vnd.in-toto+json", json({}))],
      },
      "NOT_A_CONTAINER_IMAGE",
    ],
  ])("about types is refused: %s", async (_what, type, document, code) => {
    const layout = await small();
    put(layout, types.config, json({}));
    put(layout, types.config, attestation);
    const body = json({ schemaVersion: 2, ...document });
    const registry = await fakeRegistry(
      layout,
      times(99, "/manifests/", (response) => {
        response.writeHead(200, type === undefined ? {} : { "content-type": type }).end(body);
      }),
    );
    expect(await codeOf(inspect(registry))).toBe(code);
  });

  it.each([
    ["no JSON", "{"],
    ["a name twice", '{"schemaVersion":2,"config":{},"config":{},"layers":[]}'],
    ["nothing", ""],
    ["null", "null"],
  ])("with a manifest of %s is not read", async (_what, body) => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) =>
        respond(response, 200, { "content-type": types.manifest }, body),
      ),
    );
    expect(await codeOf(inspect(registry))).toMatch(/^(IMAGE_DOCUMENT_NOT_JSON|JSON_INVALID)$/);
  });

  it("with a manifest that was compressed on the way is not read", async () => {
    const registry = await fakeRegistry(
      await small(),
      times(99, "/manifests/", (response) =>
        respond(response, 200, { "content-type": types.manifest, "content-encoding": "gzip" }, "x"),
      ),
    );
    expect(await codeOf(inspect(registry))).toBe("REGISTRY_FAILED");
  });
});

describe("an index in a registry", () => {
  async function multiPlatform(): Promise<{ layout: Files; children: string[] }> {
    const layout: Files = new Map();
    const children = [];
    for (const architecture of ["amd64", "arm64"]) {
      children.push({
        ...putImage(layout, await makeImage({ architecture, contents: [architecture] })),
        platform: { os: "linux", architecture },
      });
    }
    const index = put(
      layout,
      types.index,
      json({ schemaVersion: 2, mediaType: types.index, manifests: children }),
    );
    return { layout: putTable(layout, [index]), children: children.map(({ digest }) => digest) };
  }

  it("that lacks a platform says so", async () => {
    const { layout, children } = await multiPlatform();
    layout.delete(`blobs/sha256/${children[1]?.slice(7)}`);
    const { subjects, listed } = await inspect(await fakeRegistry(layout), content);
    expect(subjects.map(({ kind, platform }) => `${kind} ${platform}`)).toEqual([
      "index ",
      "manifest linux/amd64",
      "config linux/amd64",
    ]);
    expect(listed?.map(({ platform, unseen }) => [platform, unseen?.toString()])).toEqual([
      ["linux/amd64", undefined],
      ["linux/arm64", "it is missing"],
    ]);
  });

  it.each([
    [403, "REGISTRY_DENIED"],
    [410, "REGISTRY_FAILED"],
    [500, "REGISTRY_FAILED"],
  ])("is not taken for a smaller one when a child fails with status %i", async (status, code) => {
    const { layout, children } = await multiPlatform();
    const registry = await fakeRegistry(
      layout,
      times(99, children[1] ?? "", (response) => respond(response, status)),
    );
    expect(await codeOf(inspect(registry))).toBe(code);
  });

  it("is not taken for a smaller one when a child's config is gone", async () => {
    const { layout } = await multiPlatform();
    const config = (await makeImage({ architecture: "arm64", contents: ["arm64"] })).config;
    layout.delete(`blobs/sha256/${sha256(config).slice(7)}`);
    const { listed } = await inspect(await fakeRegistry(layout));
    expect(listed?.map(({ unseen }) => unseen)).toEqual([
      undefined,
      expect.stringContaining("not its config"),
    ]);
  });

  it("whose child is served as another type than it lists says that it was not looked at", async () => {
    const { layout, children } = await multiPlatform();
    const child = layout.get(`blobs/sha256/${children[0]?.slice(7)}`);
    const registry = await fakeRegistry(
      layout,
      times(99, children[0] ?? "", (response) => {
        response.writeHead(200, { "content-type": types.dockerManifest }).end(child);
      }),
    );
    const { listed, subjects } = await inspect(registry);
    expect(subjects).not.toContainEqual(expect.objectContaining({ digest: children[0] }));
    expect(listed?.map(({ unseen }) => unseen)).toEqual([expect.stringContaining("serves"), undefined]);
  });

  it("that lists itself, as far as a registry can make it so, ends", async () => {
    const layout = await small();
    const looped = (request: IncomingMessage, response: ServerResponse): boolean => {
      const digest = sha256(Buffer.from(request.url ?? ""));
      const manifests = [{ mediaType: types.index, digest, size: 200 }];
      const body = json({ schemaVersion: 2, manifests });
      return respond(response, 200, { "content-type": types.index }, String(body));
    };
    const registry = await fakeRegistry(layout, looped);
    expect(await inspect(registry)).toMatchObject({ subjects: [], corruptions: [{}] });
    expect(registry.seen.length).toBeLessThan(5);
  });

  it("with too many blobs is given up", async () => {
    const layout: Files = new Map();
    const manifests = Array.from({ length: 12 }, (_, child) => {
      const layers = Array.from({ length: 1000 }, (_, at) => ({
        mediaType: types.layer,
        digest: sha256(Buffer.from(`${child} ${at}`)),
        size: 1,
      }));
      const diffIds = layers.map(({ digest }) => digest);
      const own = put(
        layout,
        types.config,
        json({ architecture: "amd64", os: "linux", rootfs: { type: "layers", diff_ids: diffIds } }),
      );
      return put(layout, types.manifest, json({ schemaVersion: 2, config: own, layers }));
    });
    putTable(layout, [put(layout, types.index, json({ schemaVersion: 2, manifests }))]);
    expect(await codeOf(inspect(await fakeRegistry(layout), content))).toBe("IMAGE_LIMIT_EXCEEDED");
  }, 60_000);

  it("tells the total of all platforms before the first layer comes", async () => {
    const { layout } = await multiPlatform();
    const totals = new Set<number | undefined>();
    let last = 0;
    const facts = await inspect(await fakeRegistry(layout), {
      ...content,
      onProgress: ({ bytes, total, part }) => {
        if (part !== undefined) totals.add(total);
        last = bytes;
      },
    });
    expect([...totals]).toHaveLength(1);
    expect(facts.bytes).toBe(last);
    expect(totals.has(last)).toBe(true);
  });
});

describe("a redirect", () => {
  const withToken = (intercept: Intercept): Intercept => {
    let realm = "";
    return async (request, response) => {
      if (isFor(request, "/token")) return respond(response, 200, {}, '{"token":"t0ken"}');
      realm = `http://${request.headers.host}/token`;
      if (request.headers.authorization !== "Bearer t0ken") {
        return respond(response, 401, { "www-authenticate": `Bearer realm="${realm}",service="s"` });
      }
      return intercept(request, response);
    };
  };

  it("to another server does not show it what opens the registry, nor does a way back", async () => {
    const { layout, layer } = await bigLayout(1000);
    const seen: (string | undefined)[] = [];
    const bytes = layout.get(`blobs/sha256/${layer.slice(7)}`);
    let back = "";
    const other = await serve((request, response) => {
      seen.push(request.headers.authorization, request.headers.cookie);
      if (request.url === "/back") response.writeHead(302, { location: back }).end();
      else response.end(bytes);
    });
    const registry = await fakeRegistry(
      layout,
      withToken((request, response) => {
        if (!isFor(request, layer)) return false;
        const to = isFor(request, "again") ? `${other}/blob` : `${other}/back`;
        back = `http://${request.headers.host}/v2/acme/app/blobs/${layer}?again`;
        return respond(response, 307, { location: to });
      }),
    );
    // The way back is asked for without a token, which this registry refuses.
    expect(await codeOf(inspect(registry, content))).toBe("REGISTRY_DENIED");
    const direct = await fakeRegistry(
      layout,
      withToken((request, response) =>
        isFor(request, layer) ? respond(response, 307, { location: `${other}/blob` }) : false,
      ),
    );
    expect((await inspect(direct, content)).corruptions).toEqual([]);
    expect(seen.length).toBeGreaterThan(3);
    expect(seen.filter((one) => one !== undefined)).toEqual([]);
  });

  it("within the registry keeps what opens it", async () => {
    const { layout, layer } = await bigLayout(1000);
    const bytes = layout.get(`blobs/sha256/${layer.slice(7)}`);
    const registry = await fakeRegistry(
      layout,
      withToken((request, response) => {
        if (isFor(request, "/stored")) {
          response.end(bytes);
          return true;
        }
        return isFor(request, layer) ? respond(response, 302, { location: "/stored" }) : false;
      }),
    );
    expect((await inspect(registry, content)).corruptions).toEqual([]);
  });

  it.each([
    ["that goes round", (url: string) => url, "REGISTRY_FAILED"],
    ["to nowhere", () => "", "REGISTRY_FAILED"],
    ["to a file", () => "file:///etc/passwd", "REGISTRY_FAILED"],
    ["with a password", () => "http://user:password@127.0.0.1:1/", "REGISTRY_FAILED"],
    ["to where nobody is", () => "http://127.0.0.1:1/", "REGISTRY_UNREACHABLE"],
  ])("%s is not followed", async (_what, target, code) => {
    const { layout, layer } = await bigLayout(1000);
    const registry = await fakeRegistry(
      layout,
      times(99, layer, (response, request) =>
        respond(response, 307, { location: target(request.url ?? "") }),
      ),
    );
    expect(await codeOf(inspect(registry, content))).toBe(code);
    expect(registry.seen.filter(({ url }) => url.includes(layer)).length).toBeLessThan(7);
  });
});
