import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { serve } from "../../support/http-server.ts";
import { makeImage, ociLayout } from "../../support/images.ts";
import { hasRegistry, RegistryServer, user } from "../../support/registry-server.ts";
import { expectVerdict } from "../../support/verdict.ts";

describe.skipIf(!hasRegistry)("the main job on a registry, with no engine", () => {
  let home: CliHome;
  let registry: RegistryServer;
  const push = async (name: string, content: string) =>
    registry.push(name, "1.0", ociLayout(await makeImage({ contents: [content] }), { gzip: true }));
  const verify = (...arguments_: string[]) => home.json<Verdict>(["verify", ...arguments_]);

  beforeAll(async () => {
    home = await CliHome.withAccount();
    registry = await RegistryServer.start();
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  });
  afterAll(async () => {
    await home?.[Symbol.asyncDispose]();
    await registry?.[Symbol.asyncDispose]();
  });

  test("unsigned, signed, verified, and mismatch once the tag was moved", async () => {
    const image = `docker://${registry.address}/acme/app:1.0`;
    await push("acme/app", "first");
    expect(await verify(image)).toMatchObject({ code: 10 });
    const signed = await home.json(["sign", image]);
    expect(expectVerdict(signed.value, "signed")).toMatchObject({
      repository: `${registry.address}/acme/app`,
      tag: "1.0",
      organisation: "acme",
    });
    expect(await verify(image)).toMatchObject({ code: 0, value: { status: "verified", depth: "manifest" } });
    expect(await verify(image, "--depth", "content")).toMatchObject({ code: 0, value: { depth: "content" } });
    // Without a transport, the registry is asked since no daemon has it.
    expect(await verify(image.replace("docker://", ""))).toMatchObject({ code: 0 });

    await push("acme/app", "second");
    expect(await verify(image)).toMatchObject({ code: 11, value: { status: "mismatch" } });
  });

  test("what cannot be asked is never unsigned", async () => {
    const throttled = await serve((_request, response) => {
      response.writeHead(429, { "retry-after": "86400" }).end();
    });
    const denied = await serve((_request, response) => {
      response.writeHead(403).end();
    });
    for (const address of [new URL(throttled).host, new URL(denied).host, "127.0.0.1:1"]) {
      expect(await verify(`docker://${address}/acme/app:1.0`)).toMatchObject({
        code: 20,
        value: { status: "inconclusive" },
      });
    }
    expect(await verify(`docker://${registry.address}/acme/none:1.0`)).toMatchObject({ code: 20 });
  });

  test("a password comes from Docker's configuration, and is never printed", async () => {
    await using guarded = await RegistryServer.start({ passwords: true });
    await guarded.push("acme/app", "1.0", ociLayout(await makeImage()));
    const image = `docker://${guarded.address}/acme/app:1.0`;
    expect(await verify(image)).toMatchObject({ code: 20 });
    const auth = Buffer.from(`${user.name}:${user.password}`).toString("base64");
    await writeFile(home.path("config.json"), JSON.stringify({ auths: { [guarded.address]: { auth } } }));
    const env = { DOCKER_CONFIG: home.path() };
    const { code, stdout, stderr } = await home.run(["verify", image], { env });
    expect(code).toBe(10);
    expect(`${stdout}${stderr}`).not.toMatch(new RegExp(`${user.password}|${auth}`));
  });
});
