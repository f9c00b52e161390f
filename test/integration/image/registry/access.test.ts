import { createPrivateKey, randomUUID, sign, X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { Agent, request as httpsRequest } from "node:https";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { ImageFacts } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { Authority, type Certificate } from "../../../support/authority.ts";
import { failureOf } from "../../../support/errors.ts";
import { serve } from "../../../support/http-server.ts";
import { codeOf, makeImage, ociLayout, testDirectory } from "../../../support/images.ts";
import { hasRegistry, RegistryServer, user } from "../../../support/registry-server.ts";

/** Reads an image whole, with a Docker configuration of the test's own. */
async function inspect(
  address: string,
  configure: (directory: string) => Promise<unknown> = async () => {},
  more: Readonly<Record<string, string>> = {},
): Promise<ImageFacts> {
  const DOCKER_CONFIG = await testDirectory();
  await configure(DOCKER_CONFIG);
  const registry = {
    environment: { DOCKER_CONFIG, PATH: process.env["PATH"], ...more },
    timing: { firstWait: 10, connect: 2000, headers: 2000 },
  };
  const source = await openImage(`docker://${address}/acme/app:1.0`, { registry });
  return source.inspect({ depth: "content", thorough: true });
}

const withAuths = (auths: object) => (directory: string) =>
  writeFile(join(directory, "config.json"), JSON.stringify({ auths }));
const auth = Buffer.from(`${user.name}:${user.password}`).toString("base64");

let directory: string;
let authority: Authority;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "daochain-access-"));
  authority = new Authority(directory);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe.skipIf(!hasRegistry)("a real registry that wants a password", () => {
  let registry: RegistryServer;
  beforeAll(async () => {
    registry = await RegistryServer.start({ passwords: true });
    await registry.push("acme/app", "1.0", ociLayout(await makeImage()));
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  it("gets it from config.json", async () => {
    const { address } = registry;
    expect((await inspect(address, withAuths({ [address]: { auth } }))).corruptions).toEqual([]);
  });

  it("gets it from a credential helper, and says so where that cannot be run", async () => {
    const { address } = registry;
    const at = await testDirectory();
    const answer = JSON.stringify({ ServerURL: address, Username: user.name, Secret: user.password });
    await writeFile(join(at, "docker-credential-test"), `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
    const configured = (directory: string) =>
      writeFile(join(directory, "config.json"), JSON.stringify({ credHelpers: { [address]: "test" } }));
    const PATH = `${at}:${process.env["PATH"]}`;
    expect((await inspect(address, configured, { PATH })).corruptions).toEqual([]);
    const failure = await failureOf(() => inspect(address, configured));
    expect(failure.code).toBe("REGISTRY_DENIED");
    expect(failure.hint).toContain("docker-credential-test");
  });

  it("denies without it, and with a wrong one", async () => {
    const { address } = registry;
    const wrong = Buffer.from("acme:wrong").toString("base64");
    for (const auths of [{}, { [address]: { auth: wrong } }]) {
      const failure = await failureOf(() => inspect(address, withAuths(auths)));
      expect(failure.code).toBe("REGISTRY_DENIED");
      expect(failure.hint).toContain(`docker login ${address}`);
    }
  });
});

describe.skipIf(!hasRegistry)("a real registry that wants tokens", () => {
  let registry: RegistryServer;
  let server: Server;
  let issued: string[];
  /** the first so many tokens have expired when they are given */
  let expired = 0;
  beforeAll(async () => {
    const signer = authority.issue("tokens");
    server = createServer((request, response) => {
      const asked = new URL(request.url ?? "", "http://x").searchParams.get("scope") ?? "";
      issued.push(asked);
      const token = makeToken(signer, asked, issued.length <= expired ? -3600 : 300);
      response.end(JSON.stringify({ token }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const realm = `http://127.0.0.1:${(server.address() as AddressInfo).port}/token`;
    const push = `Bearer ${makeToken(signer, "repository:acme/app:pull,push", 300)}`;
    registry = await RegistryServer.start(
      { tokens: { realm, certificate: authority.certificate } },
      (url, init) => fetch(url, { ...init, headers: { ...init?.headers, authorization: push } }),
    );
    await registry.push("acme/app", "1.0", ociLayout(await makeImage()));
  });
  afterAll(async () => {
    server?.close();
    await registry?.[Symbol.asyncDispose]();
  });

  it.each([0, 1])("gets them, and another where %i have expired", async (count) => {
    issued = [];
    expired = count;
    expect((await inspect(registry.address)).corruptions).toEqual([]);
    expect(issued).toEqual(Array.from({ length: 1 + count }, () => "repository:acme/app:pull"));
  });

  it("denies where all of them have expired", async () => {
    issued = [];
    expired = 99;
    expect(await codeOf(inspect(registry.address))).toBe("REGISTRY_DENIED");
  });

  /** A token as registries take them (distribution's token specification). */
  function makeToken({ certificate, key }: Certificate, scope: string, seconds: number): string {
    const x5c = [new X509Certificate(readFileSync(certificate)).raw.toString("base64")];
    const [type, name, actions = ""] = scope.split(":");
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: "test",
      sub: "",
      aud: "test",
      exp: now + seconds,
      nbf: now - 7200,
      iat: now - 7200,
      jti: randomUUID(),
      access: [{ type, name, actions: actions.split(",") }],
    };
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${encode({ typ: "JWT", alg: "RS256", x5c })}.${encode(claims)}`;
    return `${text}.${sign("sha256", Buffer.from(text), createPrivateKey(readFileSync(key))).toString("base64url")}`;
  }
});

describe.skipIf(!hasRegistry)("a real registry with a certificate of a private authority", () => {
  let registry: RegistryServer;
  let client: Certificate;
  beforeAll(async () => {
    const tls = authority.issue("registry");
    client = authority.issue("client");
    const agent = new Agent({
      ca: authority.pem,
      cert: await readFile(client.certificate),
      key: await readFile(client.key),
    });
    registry = await RegistryServer.start(
      { tls: { ...tls, clientAuthority: authority.certificate } },
      (url, init) => fetchOver(agent, url, init),
    );
    await registry.push("acme/app", "1.0", ociLayout(await makeImage()));
  });
  afterAll(() => registry?.[Symbol.asyncDispose]());

  const certificates = (files: Readonly<Record<string, string>>) => async (directory: string) => {
    const at = join(directory, "certs.d", registry.address);
    await mkdir(at, { recursive: true });
    for (const [name, path] of Object.entries(files)) await copyFile(path, join(at, name));
  };

  it("is trusted by what Docker's directory of certificates holds, and shown ours", async () => {
    const { certificate, key } = client;
    const files = { "ca.crt": authority.certificate, "client.cert": certificate, "client.key": key };
    expect((await inspect(registry.address, certificates(files))).corruptions).toEqual([]);
  });

  it("is not reached without the authority, and never by plain HTTP instead", async () => {
    const { certificate, key } = client;
    const failure = await failureOf(() =>
      inspect(registry.address, certificates({ "client.cert": certificate, "client.key": key })),
    );
    expect(failure.code).toBe("REGISTRY_UNREACHABLE");
    expect(failure.hint).toContain("certs.d");
  });

  it("refuses who has no certificate", async () => {
    const work = inspect(registry.address, certificates({ "ca.crt": authority.certificate }));
    expect(await codeOf(work)).toBe("REGISTRY_UNREACHABLE");
  });

  it("is not tried with a client certificate that has no key", async () => {
    const work = inspect(registry.address, certificates({ "client.cert": client.certificate }));
    expect(await codeOf(work)).toBe("CLIENT_CERTIFICATE_WITHOUT_KEY");
  });
});

describe.skipIf(!hasRegistry || process.platform !== "linux")("a real registry behind a proxy", () => {
  it("is asked through it, except where NO_PROXY or the loopback interface says otherwise", async () => {
    await using registry = await RegistryServer.start();
    await registry.push("acme/app", "1.0", ociLayout(await makeImage()));
    const asked: string[] = [];
    const proxy = await serve(async (request, response) => {
      asked.push(request.url ?? "");
      const answer = await fetch(request.url ?? "", {
        headers: { accept: request.headers.accept ?? "*/*" },
      });
      const type = answer.headers.get("content-type") ?? "";
      response.writeHead(answer.status, { "content-type": type });
      response.end(Buffer.from(await answer.arrayBuffer()));
    });
    // This name is not the loopback interface's, though it leads there.
    const elsewhere = registry.address.replace("127.0.0.1", "0.0.0.0");
    const DAOCHAIN_INSECURE_REGISTRIES = elsewhere;
    const through = { HTTP_PROXY: new URL(proxy).host, DAOCHAIN_INSECURE_REGISTRIES };
    expect((await inspect(elsewhere, undefined, through)).corruptions).toEqual([]);
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.every((url) => url.startsWith(`http://${elsewhere}/`))).toBe(true);

    asked.length = 0;
    expect(
      (await inspect(elsewhere, undefined, { ...through, NO_PROXY: "x.io,0.0.0.0" })).corruptions,
    ).toEqual([]);
    expect((await inspect(registry.address, undefined, through)).corruptions).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("is asked through a tunnel where it speaks TLS", async () => {
    const tls = authority.issue("tunnelled", "IP:0.0.0.0,IP:127.0.0.1");
    const agent = new Agent({ ca: authority.pem });
    await using registry = await RegistryServer.start({ tls }, (url, init) => fetchOver(agent, url, init));
    await registry.push("acme/app", "1.0", ociLayout(await makeImage()));
    const tunnels: string[] = [];
    const proxy = createServer().on("connect", (request, socket) => {
      tunnels.push(`${request.url} ${request.headers["proxy-authorization"]}`);
      const [host, port] = (request.url ?? "").split(":");
      const onward = connect(Number(port), host ?? "", () => {
        socket.write("HTTP/1.1 200 OK\r\n\r\n");
        socket.pipe(onward).pipe(socket);
      });
      onward.on("error", () => socket.destroy());
      socket.on("error", () => onward.destroy());
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void proxy.close());
    const elsewhere = registry.address.replace("127.0.0.1", "0.0.0.0");
    const HTTPS_PROXY = `http://me:secret@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const trusting = async (directory: string) => {
      const at = join(directory, "certs.d", elsewhere);
      await mkdir(at, { recursive: true });
      await copyFile(authority.certificate, join(at, "ca.crt"));
    };
    expect((await inspect(elsewhere, trusting, { HTTPS_PROXY })).corruptions).toEqual([]);
    const proof = Buffer.from("me:secret").toString("base64");
    expect(new Set(tunnels)).toEqual(new Set([`${elsewhere} Basic ${proof}`]));
  });

  it("is not reached where the proxy refuses, is not there, or is none", async () => {
    const refusing = new URL(await serve((_request, response) => void response.writeHead(403).end()));
    const silent = createServer().on("connect", () => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void silent.close());
    const denying = createServer().on("connect", (_request, socket) => {
      socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
    });
    await new Promise<void>((resolve) => denying.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => void denying.close());
    for (const [HTTPS_PROXY, code] of [
      [`127.0.0.1:${(silent.address() as AddressInfo).port}`, "REGISTRY_FAILED"],
      [`127.0.0.1:${(denying.address() as AddressInfo).port}`, "REGISTRY_UNREACHABLE"],
      [refusing.href, "REGISTRY_UNREACHABLE"],
      ["http://me:hunter2@127.0.0.1:1", "REGISTRY_UNREACHABLE"],
      ["ftp://me:hunter2@127.0.0.1:1", "PROXY_INVALID"],
    ] as const) {
      const failure = await failureOf(() => inspect("registry.invalid", undefined, { HTTPS_PROXY }));
      expect(failure.code).toBe(code);
      expect(`${failure.message} ${failure.hint}`).not.toContain("hunter2");
    }
  });
});

/** fetch, over an agent of node:https. */
function fetchOver(
  agent: Agent,
  url: Parameters<typeof fetch>[0],
  init: Parameters<typeof fetch>[1],
): Promise<Response> {
  const target = new URL(String(url));
  target.protocol = "https:";
  return new Promise((resolve, reject) => {
    const headers = Object.fromEntries(new Headers(init?.headers));
    const call = httpsRequest(target, { method: init?.method ?? "GET", agent, headers }, async (answer) => {
      const pieces: Buffer[] = [];
      for await (const piece of answer) pieces.push(piece);
      const location = answer.headers.location ?? "";
      const body = answer.statusCode === 204 ? null : Buffer.concat(pieces);
      const response = new Response(body, { status: answer.statusCode ?? 0, headers: { location } });
      Object.defineProperty(response, "url", { value: target.href });
      resolve(response);
    });
    call.once("error", reject);
    call.end(init?.body ?? undefined);
  });
}
