import { writeFile } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Depth, ImageFacts } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { parseRetryAfter } from "../../../../src/image/registry/retries.ts";
import { codeOf, failureOf } from "../../../support/errors.ts";
import { fakeRegistry, type Seen } from "../../../support/fake-registry.ts";
import { serve } from "../../../support/http-server.ts";
import { makeImage, ociLayout, testDirectory } from "../../../support/images.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

/** Reads docker://ADDRESS/acme/app:1.0 whole, with what Docker's configuration holds for that address. */
async function inspect(
  address: string,
  entry: object = {},
  more: Readonly<Record<string, string>> = {},
  depth: Depth = "content",
): Promise<ImageFacts> {
  const DOCKER_CONFIG = await testDirectory();
  await writeFile(join(DOCKER_CONFIG, "config.json"), JSON.stringify({ auths: { [address]: entry } }));
  const registry = { environment: { DOCKER_CONFIG, ...more }, timing: { firstWait: 1, longestWait: 100 } };
  return (await openImage(`docker://${address}/acme/app:1.0`, { registry })).inspect({
    depth,
    thorough: true,
  });
}

const login = (text: string) => ({ auth: Buffer.from(text).toString("base64") });
const layout = async () => ociLayout(await makeImage({ contents: ["a", "b", "c", "d", "e", "f"] }));

function deny(response: ServerResponse, challenge: string): true {
  response.writeHead(401, challenge === "" ? {} : { "www-authenticate": challenge }).end("{}");
  return true;
}

interface TokenRegistry {
  readonly address: string;
  readonly tokens: readonly Seen[];
  readonly seen: readonly Seen[];
}

/**
 * A registry that demands tokens, each good for so many requests; its token server is beside it.
 * @param answer what the token server says to a request; undefined: a token
 */
async function tokenRegistry(
  uses: number,
  answer: (request: IncomingMessage, body: string, at: number) => [status: number, body: string] | undefined,
  challenge?: (realm: string) => string,
): Promise<TokenRegistry> {
  const tokens: Seen[] = [];
  const left = new Map<string, number>();
  const server = await serve(async (request, response) => {
    let body = "";
    for await (const piece of request) body += String(piece);
    tokens.push({ method: request.method ?? "", url: request.url ?? "", headers: request.headers });
    const [status, text] = answer(request, body, tokens.length) ?? [200, `{"token":"t${tokens.length}"}`];
    left.set(`Bearer t${tokens.length}`, uses);
    response.writeHead(status).end(text);
  });
  const realm = `${server}/token`;
  const { address, seen } = await fakeRegistry(await layout(), (request, response) => {
    const { authorization = "" } = request.headers;
    const good = left.get(authorization) ?? 0;
    left.set(authorization, good - 1);
    if (good > 0) return false;
    return deny(response, challenge?.(realm) ?? `Bearer realm="${realm}",service="acme registry"`);
  });
  return { address, tokens, seen };
}

describe("a registry that wants a password", () => {
  const guarded = async () =>
    fakeRegistry(await layout(), ({ headers }, response) =>
      headers.authorization === basic("ann:pa:ss") ? false : deny(response, 'Basic realm="acme"'),
    );

  it("gets it once it has asked", async () => {
    const { address, seen } = await guarded();
    expect((await inspect(address, login("ann:pa:ss"))).corruptions).toEqual([]);
    expect(seen[0]?.headers.authorization).toBeUndefined();
    expect(seen.filter(({ headers }) => headers.authorization === undefined)).toHaveLength(1);
  });

  it.each([
    ["a wrong one", login("ann:wr0ng")],
    ["none", {}],
    ["an identity token", { identitytoken: "wr0ng" }],
  ])("denies with %s, which is not told", async (_what, entry) => {
    const { address, seen } = await guarded();
    const failure = await failureOf(() => inspect(address, entry));
    expect(failure.code).toBe("REGISTRY_DENIED");
    expect(failure.hint).toContain(`docker login ${address}`);
    expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toContain("wr0ng");
    expect(seen.length).toBeLessThan(3);
  });

  it.each(["", "Negotiate", 'Digest realm="a"', 'Basic realm="a', "\u00e9"])(
    "in a way that is not known is told so: %j",
    async (challenge) => {
      const { address } = await fakeRegistry(await layout(), (_request, response) =>
        deny(response, challenge),
      );
      expect(await codeOf(() => inspect(address, login("ann:x")))).toBe("REGISTRY_FAILED");
    },
  );

  it("that forbids is asked once", async () => {
    const { address, seen } = await fakeRegistry(await layout(), (_request, response) => {
      response.writeHead(403).end();
      return true;
    });
    expect(await codeOf(() => inspect(address, login("ann:x")))).toBe("REGISTRY_DENIED");
    expect(seen).toHaveLength(1);
  });
});

describe("a registry that wants tokens", () => {
  it("gets one that is asked for once, for everyone", async () => {
    const { address, tokens } = await tokenRegistry(99, () => undefined);
    expect((await inspect(address)).corruptions).toEqual([]);
    expect(tokens).toHaveLength(1);
    const query = new URL(tokens[0]?.url ?? "", "http://x").searchParams;
    expect(query.get("service")).toBe("acme registry");
    expect(query.get("scope")).toBe("repository:acme/app:pull");
    expect(tokens[0]?.headers.authorization).toBeUndefined();
  });

  it("gets one for a user's password, which the registry itself never sees", async () => {
    const { address, tokens, seen } = await tokenRegistry(99, () => undefined);
    await inspect(address, login("ann:pa:ss"));
    expect(tokens.map(({ headers }) => headers.authorization)).toEqual([basic("ann:pa:ss")]);
    expect(JSON.stringify(seen)).not.toContain(basic("ann:pa:ss"));
  });

  it("gets one for an identity token", async () => {
    let asked = new URLSearchParams();
    const { address, tokens } = await tokenRegistry(99, (_request, body) => {
      asked = new URLSearchParams(body);
      return [200, '{"access_token":"t1","expires_in":300}'];
    });
    expect((await inspect(address, { identitytoken: "re fresh" })).corruptions).toEqual([]);
    expect(tokens[0]).toMatchObject({ method: "POST", url: "/token" });
    expect(Object.fromEntries(asked)).toEqual({
      grant_type: "refresh_token",
      refresh_token: "re fresh",
      client_id: "daochain",
      service: "acme registry",
      scope: "repository:acme/app:pull",
    });
  });

  it.each([1, 4, 5])("gets another where one expires midway, after %i requests", async (uses) => {
    const { address, tokens } = await tokenRegistry(uses, () => undefined);
    // Where a token does for one request, of those sent at a time all but one lose it, again and again.
    const depth = uses === 1 ? "manifest" : "content";
    expect((await inspect(address, login("ann:pa:ss"), {}, depth)).corruptions).toEqual([]);
    expect(tokens).toHaveLength(2);
  });

  it("gets another before one expires that says when", async () => {
    const { address, tokens, seen } = await tokenRegistry(99, (_request, _body, at) => [
      200,
      `{"token":"t${at}","expires_in":1}`,
    ]);
    expect((await inspect(address)).corruptions).toEqual([]);
    expect(tokens.length).toBeGreaterThan(1);
    expect(seen.filter(({ headers }) => headers.authorization === undefined)).toHaveLength(1);
  });

  it("and refuses each that it gets is left", async () => {
    const { address, tokens } = await tokenRegistry(0, () => undefined);
    expect(await codeOf(() => inspect(address))).toBe("REGISTRY_DENIED");
    expect(tokens.length).toBeLessThan(3);
  });

  it("may be asked for its token again", async () => {
    const { address, tokens } = await tokenRegistry(99, (_request, _body, at) =>
      at < 3 ? [503, ""] : undefined,
    );
    expect((await inspect(address)).corruptions).toEqual([]);
    expect(tokens).toHaveLength(3);
  });

  it.each([
    ["denies", [401, ""], "REGISTRY_DENIED"],
    ["forbids", [403, ""], "REGISTRY_DENIED"],
    ["redirects", [302, ""], "REGISTRY_FAILED"],
    ["is always busy", [429, ""], "REGISTRY_FAILED"],
    ["gives no JSON", [200, "token"], "REGISTRY_FAILED"],
    ["gives null", [200, "null"], "REGISTRY_FAILED"],
    ["gives none", [200, "{}"], "REGISTRY_FAILED"],
    ["gives one that is two headers", [200, '{"token":"a\\r\\nx: y"}'], "REGISTRY_FAILED"],
    ["gives one that is too long", [200, `{"token":"${"a".repeat(70_000)}"}`], "REGISTRY_FAILED"],
    ["gives too much", [200, " ".repeat(2 << 20)], "REGISTRY_FAILED"],
  ] as const)("has a token server that %s", async (_what, answer, code) => {
    const { address } = await tokenRegistry(99, () => [...answer]);
    const failure = await failureOf(() => inspect(address, login("ann:hunter2")));
    expect(failure.code).toBe(code);
    expect(`${failure.message} ${failure.hint} ${failure.stack}`).not.toMatch(
      new RegExp(`hunter2|${basic("ann:hunter2")}`),
    );
  });

  it("gives the scope that it wants, but never more than to pull", async () => {
    const scope = "repository:mirror/acme/app:pull,push,delete registry:catalog:* repository(plugin):x:*";
    const { address, tokens } = await tokenRegistry(
      99,
      () => undefined,
      (realm) => `Bearer realm="${realm}?x=1",scope="${scope}"`,
    );
    await inspect(address);
    const query = new URL(tokens[0]?.url ?? "", "http://x").searchParams;
    expect(query.get("scope")).toBe(
      "repository:mirror/acme/app:pull registry:catalog:* repository(plugin):x:pull",
    );
    expect(query.get("x")).toBe("1");
    expect(query.has("service")).toBe(false);
  });

  it.each([
    ["without encryption", "http://auth.acme.io/token"],
    ["that is no URL", "auth"],
    ["that is none at all", ""],
    ["that is a file", "file:///etc/passwd"],
    ["with a password", "https://ann:x@auth.acme.io/"],
  ])("names a token server %s, which gets nothing", async (_what, realm) => {
    const { address } = await tokenRegistry(
      99,
      () => undefined,
      () => `Bearer realm="${realm}"`,
    );
    expect(await codeOf(() => inspect(address, login("ann:x")))).toBe("REGISTRY_FAILED");
  });
});

describe("a registry elsewhere", () => {
  const elsewhere = (address: string) => address.replace("127.0.0.1", "0.0.0.0");

  // To connect to 0.0.0.0 is to connect to oneself, on Linux at least; by its name it is elsewhere.
  it.skipIf(process.platform !== "linux")("is spoken to without TLS only where it is named", async () => {
    const { address, seen } = await fakeRegistry(await layout());
    const other = elsewhere(address);
    expect(await codeOf(() => inspect(other))).toBe("REGISTRY_UNREACHABLE");
    expect(seen).toHaveLength(0);
    const named = { DAOCHAIN_INSECURE_REGISTRIES: `x.io, ${other}` };
    expect((await inspect(other, {}, named)).corruptions).toEqual([]);
  });

  it.skipIf(process.platform !== "linux")(
    "may keep its token server beside it, but nowhere else without TLS",
    async () => {
      let realm = "";
      const { address, seen } = await fakeRegistry(await layout(), (request, response) => {
        if (request.url?.startsWith("/token") === true) {
          response.end('{"token":"t"}');
          return true;
        }
        if (request.headers.authorization === "Bearer t") return false;
        return deny(response, `Bearer realm="${realm}"`);
      });
      const other = elsewhere(address);
      const named = { DAOCHAIN_INSECURE_REGISTRIES: other };
      realm = `http://${address}/token`;
      expect(await codeOf(() => inspect(other, login("ann:x"), named))).toBe("REGISTRY_FAILED");
      expect(seen.filter(({ url }) => url.startsWith("/token"))).toHaveLength(0);
      realm = `http://${other}/token`;
      expect((await inspect(other, login("ann:x"), named)).corruptions).toEqual([]);
    },
  );
});

describe("Retry-After", () => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  it.each([
    [undefined, undefined],
    ["0", 0],
    ["120", 120_000],
    ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
    ["Wed, 31 Dec 2025 00:00:00 GMT", 0],
    ["soon", undefined],
    ["", undefined],
  ])("%j is %j milliseconds", (text, expected) => {
    expect(parseRetryAfter(text, now)).toBe(expected);
  });
});
