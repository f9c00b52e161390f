import type { ServerResponse } from "node:http";
import { describe, expect, test } from "vitest";
import { DockerClient } from "../../../../src/image/docker/client.ts";
import { findImageId, pullByDigest, pushTag, tagImage } from "../../../../src/image/docker/transfer.ts";
import type { Progress } from "../../../../src/image/image.ts";
import { codeOf } from "../../../support/errors.ts";
import { serve } from "../../../support/http-server.ts";

const digest = `sha256:${"a".repeat(64)}` as const;
const named = { repository: "registry.acme.io/api", tag: "1.0" };

/** A daemon that answers every transfer so. */
async function daemon(
  answer: (response: ServerResponse, path: string, auth: string) => void,
): Promise<DockerClient> {
  const url = await serve((request, response) =>
    answer(response, request.url ?? "", String(request.headers["x-registry-auth"])),
  );
  return DockerClient.prepare({ host: url.replace("http:", "tcp:"), environment: {} });
}

const lines = (...messages: object[]) => messages.map((message) => `${JSON.stringify(message)}\r\n`).join("");

describe("a pull through the daemon", () => {
  const pull = async (
    answer: Parameters<typeof daemon>[0],
    options: Parameters<typeof pullByDigest>[3] = {},
  ) => pullByDigest(await daemon(answer), named.repository, digest, options);

  test("asks for one digest of one platform, with the credential in a header", async () => {
    const credential = {
      serverAddress: "registry.acme.io",
      username: "me",
      password: "p",
      identityToken: undefined,
    };
    let asked: string[] = [];
    await pull(
      (response, path, auth) => {
        asked = [path, Buffer.from(auth, "base64url").toString()];
        response.end(lines({ status: "Digest: x" }));
      },
      { credential, platform: "linux/arm64" },
    );
    const url = new URL(asked[0] ?? "", "http://x");
    expect(url.pathname).toBe("/images/create");
    expect(Object.fromEntries(url.searchParams)).toEqual({
      fromImage: named.repository,
      tag: digest,
      platform: "linux/arm64",
    });
    expect(JSON.parse(asked[1] ?? "")).toEqual({
      username: "me",
      password: "p",
      serveraddress: "registry.acme.io",
    });
  });

  test("tells of each layer, and of the total once all are known", async () => {
    const seen: Progress[] = [];
    await pull(
      (response) =>
        response.end(
          lines(
            { status: "Pulling from api", id: "1.0" },
            { status: "Pulling fs layer", id: "one" },
            { status: "Pulling fs layer", id: "two" },
            { status: "Pulling fs layer", id: "three" },
            { status: "Already exists", id: "three" },
            { status: "Downloading", id: "one", progressDetail: { current: 5, total: 10 } },
            { status: "Downloading", id: "two", progressDetail: { current: 3, total: 30 } },
            { status: "Download complete", id: "one", progressDetail: { hidecounts: true } },
            { status: "Extracting", id: "one", progressDetail: { current: 1, units: "s" } },
            { status: "Extracting", id: "one", progressDetail: { current: 4, total: 10 } },
          ),
        ),
      { onProgress: (progress) => seen.push(progress) },
    );
    expect(seen).toEqual([
      { bytes: 5, total: undefined, part: { name: "one", bytes: 5, total: 10 } },
      { bytes: 8, total: 40, part: { name: "two", bytes: 3, total: 30 } },
      { bytes: 13, total: 40, part: { name: "one", bytes: 10, total: 10 } },
      { bytes: 13, total: 40, part: { name: "unpack one", bytes: 4, total: 10 } },
    ]);
  });

  test.each<[string, string, number, string]>([
    ["IMAGE_NOT_SERVED", "the registry has it not", 404, '{"message":"manifest unknown"}'],
    ["DOCKER_FAILED", "the registry cannot be asked", 500, '{"message":"connection refused"}'],
    [
      "DOCKER_FAILED",
      "it fails midway",
      200,
      lines({ status: "x" }, { errorDetail: { message: "no space" }, error: "no space" }),
    ],
    ["DOCKER_FAILED", "a message is none", 200, `${lines({ status: "x" })}<html>`],
    ["DOCKER_FAILED", "a message has no end", 200, "x".repeat(70_000)],
    [
      "no error",
      "messages are of unheard-of types",
      200,
      lines({ status: 5, id: {}, progressDetail: { current: "x", total: -1 } }, [], { aux: 7 }),
    ],
  ])("%s where %s", async (code, _why, status, body) => {
    const outcome = pull((response) => response.writeHead(status).end(body));
    if (code === "no error") await outcome;
    else expect(await codeOf(() => outcome)).toBe(code);
  });

  test("DOCKER_FAILED where the daemon breaks off, CANCELLED where the caller does", async () => {
    const breaking = pull((response) => {
      response.write(lines({ status: "Downloading", id: "one", progressDetail: { current: 1 } }));
      setTimeout(() => response.destroy(), 20);
    });
    expect(await codeOf(() => breaking)).toBe("DOCKER_FAILED");
    const stop = new AbortController();
    const cancelled = pull(
      (response) => {
        response.write(lines({ status: "Downloading", id: "one", progressDetail: { current: 1 } }));
      },
      { signal: stop.signal, onProgress: () => stop.abort() },
    );
    expect(await codeOf(() => cancelled)).toBe("CANCELLED");
  });

  test("layers without number are not remembered", async () => {
    let last: Progress | undefined;
    const many = Array.from({ length: 3000 }, (_, at) => ({
      status: "Downloading",
      id: `layer${at}`,
      progressDetail: { current: 1, total: 1 },
    }));
    await pull((response) => response.end(lines(...many)), {
      onProgress: (progress) => {
        last = progress;
      },
    });
    expect(last?.bytes).toBe(2000);
  });
});

describe("a push through the daemon", () => {
  test.each([
    ["aux", lines({ progressDetail: {}, aux: { Tag: "1.0", Digest: digest, Size: 5 } })],
    ["words", lines({ status: `1.0: digest: ${digest} size: 405` })],
  ])("the digest that it was pushed as is told in %s", async (_how, body) => {
    const client = await daemon((response) => response.end(body));
    expect(await pushTag(client, named, {})).toBe(digest);
  });

  test("one that does not say as what it was pushed has failed", async () => {
    const client = await daemon((response) =>
      response.end(lines({ status: "pushed", aux: { Digest: "md5:5" } })),
    );
    expect(await codeOf(() => pushTag(client, named, {}))).toBe("DOCKER_FAILED");
  });
});

test("an image that is not there has no ID; a tag that cannot be given is an error", async () => {
  const missing = await daemon((response) => response.writeHead(404).end('{"message":"no such image"}'));
  expect(await findImageId(missing, "x")).toBeUndefined();
  expect(await codeOf(() => tagImage(missing, digest, named))).toBe("DOCKER_FAILED");
});
