import { mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { expectVerdict } from "../../support/verdict.ts";

describe("the main job on OCI layouts, with no engine", () => {
  let home: CliHome;
  const build = (directory: string, content: string, annotations?: Record<string, string>) =>
    writeOciLayout({ directory: home.path(directory), tag: "1.0", files: { hello: content }, annotations });
  const verify = (...arguments_: string[]) => home.json<Verdict>(["verify", ...arguments_]);

  beforeAll(async () => {
    home = await CliHome.withAccount();
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("unsigned, signed, verified, mismatch, and revoked where the image is a directory", async () => {
    const image = `oci:${home.path("app")}:1.0`;
    const { config, manifest } = await build("app", "first");
    expect(await verify(image)).toMatchObject({ code: 10 });
    const signed = await home.json(["sign", image]);
    const verdict = expectVerdict(signed.value, "signed");
    expect(verdict).toMatchObject({ repository: "localhost/app", tag: "1.0", organisation: "acme" });
    const stored = verdict.subjects.filter(({ kind }) => kind !== "runtime").map(({ digest }) => digest);
    expect(new Set(stored)).toEqual(new Set([config, manifest]));
    expect(await verify(image)).toMatchObject({ code: 0, value: { status: "verified", depth: "content" } });

    await build("app", "second");
    expect(await verify(image)).toMatchObject({ code: 11, value: { status: "mismatch" } });
    await build("app", "first");
    expect(await verify(image)).toMatchObject({ code: 0 });

    const revoked = await home.json<{ digests: string[] }>(["revoke", config, "--reason", "flawed", "--yes"]);
    expect(revoked.value.digests).toEqual(expect.arrayContaining([config, manifest]));
    expect(await verify(image)).toMatchObject({ code: 12, value: { status: "revoked" } });
  });

  test("a layout that carries its name is claimed under it, and found by it", async () => {
    const annotations = { "io.containerd.image.name": "registry.acme.io/team/tool:2.0" };
    await build("named", "named", annotations);
    const { value } = await home.json(["sign", `oci:${home.path("named")}`]);
    expectVerdict(value, "signed");
    expect(value).toMatchObject({ repository: "registry.acme.io/team/tool", tag: "2.0" });
    const { value: entries } = await home.json<{ act: string }[]>(["log", "registry.acme.io/team/tool:2.0"]);
    expect(entries.map(({ act }) => act)).toEqual(["approved", "claimed"]);
  });

  test("a claim that has expired says so", async () => {
    const image = `oci:${home.path("short")}:1.0`;
    await build("short", "short");
    expect((await home.run(["sign", image, "--expires", "10s"])).code).toBe(0);
    expect((await verify(image)).code).toBe(0);
    await expect.poll(async () => (await verify(image)).code, { timeout: 30_000, interval: 1000 }).toBe(13);
  });

  test("what another organisation accepted is not the owner's word", async () => {
    const image = `oci:${home.path("foreign")}:1.0`;
    await build("foreign", "foreign");
    expect((await home.run(["org", "create", "other"])).code).toBe(0);
    expect((await home.run(["sign", image, "--org", "other"])).code).toBe(0);
    expect(await verify(image)).toMatchObject({
      code: 14,
      value: { status: "untrusted", organisation: "other" },
    });
    expect(await verify(image, "--org", "other")).toMatchObject({ code: 0, value: { status: "verified" } });
    expect(await verify(image, "--org", "nobody")).toMatchObject({ code: 2 });
    const { value } = await home.json<{ name: string }[]>(["org", "list"]);
    expect(value.map(({ name }) => name)).toEqual(["acme", "other"]);
  });

  test("a second signer signs for the organisation once it has been added", async () => {
    const image = `oci:${home.path("second-signer")}:1.0`;
    await build("second-signer", "second signer");
    const { value: account } = await home.json<{ address: string }>(["account", "create", "ci"]);
    const refused = await home.run(["sign", image, "--account", "ci"]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain("is not a current signer");
    const added = await home.json<{ signers: string[] }>(["org", "add-signer", "acme", account.address]);
    expect(added.value.signers).toContain(account.address);
    const signed = await home.json<Verdict<string>>(["sign", image, "--account", "ci"]);
    expect(signed.value.claim?.signers).toEqual([account.address]);
    expect((await verify(image)).code).toBe(0);
  });

  test("many images are signed in one call, each by a claim of its own", async () => {
    await mkdir(home.path("many"), { recursive: true });
    const images: string[] = [];
    for (let i = 0; i < 12; i++) {
      await build(`many/app${i}`, `content ${i}`);
      images.push(`oci:${home.path("many", `app${i}`)}:1.0`);
    }
    await writeFile(home.path("list"), images.join("\n"));
    const { code, value } = await home.json<Verdict<string>[]>(["sign", "--file", home.path("list")]);
    expect(code).toBe(0);
    expect(value.map(({ status }) => status)).toEqual(images.map(() => "signed"));
    expect(new Set(value.map(({ claim }) => claim?.id)).size).toBe(images.length);
    expect((await home.run(["verify", ...images])).code).toBe(0);
  });

  test("one image that cannot be signed does not keep the others from it", async () => {
    await build("good", "good");
    const [good, gone] = [`oci:${home.path("good")}:1.0`, `oci:${home.path("gone")}:1.0`];
    const { code, value } = await home.json<Verdict<string>[]>(["sign", gone, good]);
    expect(code).toBe(20);
    expect(value.map(({ status }) => status)).toEqual(["inconclusive", "signed"]);
  });
});
