import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Inspection } from "../../../cli/actions/inspect.ts";
import { buildTinyImage, removeImage, type Verdict } from "../../../src/internal.ts";
import { CliHome, runProcess } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { expectVerdict } from "../../support/verdict.ts";

describeOnEngines("the main job on a Docker Engine", ({ name: store, host }) => {
  const suffix = Math.random().toString(36).slice(2, 8);
  const image = `acme/api:${suffix}`;
  const other = `acme/worker:${suffix}`;
  const docker = { host };
  // What an image is known by: containerd's store keeps its manifest too, and names it by that.
  const kinds = store === "classic" ? ["config", "runtime"] : ["manifest", "config", "runtime"];
  // The daemon tells its ID, an export what would run; the config is looked for only where a verdict hangs on it.
  const seen = [kinds[0], "runtime"];
  const [id] = kinds;
  let home: CliHome;

  const build = (name: string, content: string): Promise<void> =>
    buildTinyImage({ name, files: { "app/hello": content }, docker });
  const run = (...arguments_: string[]) => home.run(arguments_);
  const verify = async (...arguments_: string[]) => home.json<Verdict>(["verify", ...arguments_]);

  beforeAll(async () => {
    home = await CliHome.withAccount(host);
    await build(image, "first\n");
    await build(other, "worker\n");
    expect(await run("up")).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await removeImage(image, { docker });
    await removeImage(other, { docker });
    await home?.[Symbol.asyncDispose]();
  });

  test("an image that nobody signed is unsigned", async () => {
    const { code, value } = await verify(image);
    expect(code).toBe(10);
    const verdict = expectVerdict(value, "unsigned");
    expect(verdict).toMatchObject({
      image,
      repository: "docker.io/acme/api",
      tag: suffix,
      depth: "runtime",
      claim: null,
    });
  });

  test("a signed image is verified, by its content and by its ID", async () => {
    const signed = await home.json(["sign", image, "--annotation", "revision=0123abc", "--expires", "90d"]);
    expect(signed.code).toBe(0);
    const { claim, subjects } = expectVerdict(signed.value, "signed");
    expect(subjects).toEqual(
      kinds.map((kind) => ({ kind, digest: expect.stringMatching(/^sha256:/), platform: "linux/amd64" })),
    );

    const deep = await verify(image);
    expect(deep.code).toBe(0);
    const verdict = expectVerdict(deep.value, "verified");
    expect(verdict).toMatchObject({
      matched: id,
      organisation: "local",
      subjects: subjects.filter(({ kind }) => seen.includes(kind)),
      claim,
      depth: "runtime",
    });
    expect(verdict.claim?.annotations).toEqual({ revision: "0123abc" });
    const days =
      (Date.parse(verdict.claim?.expiresAt ?? "") - Date.parse(verdict.claim?.signedAt ?? "")) / 86_400_000;
    expect(days).toBeCloseTo(90, 2);

    const quick = await verify("--depth", "id", image);
    expect(quick).toMatchObject({ code: 0, value: { status: "verified", depth: "id" } });
    expect(quick.value.subjects).toEqual(subjects.filter(({ kind }) => kind === id));
  });

  test("inspect has what the engine has of it too: its ID, its names, its layers", async () => {
    const { code, value } = await home.json<Inspection>(["inspect", image]);
    expect(code).toBe(0);
    expect(value).toMatchObject({ transport: "docker-daemon", names: [image], unknown: [] });
    expect(value.id).toBe(value.verdict.subjects.find(({ kind }) => kind === id)?.digest);
    expect(value.size).toBeGreaterThan(0);
    expect(value.created).toMatch(/^20/);
    expect(value.platforms).toMatchObject([{ platform: expect.stringMatching(/^linux\//), layers: [{}] }]);
    expect(value.claims).toHaveLength(1);
  });

  test("the same image is verified by its ID and in a docker save archive", async () => {
    const archive = home.path("api.tar");
    const saved = await runProcess("docker", ["--host", host, "save", image, "-o", archive]);
    expect(saved.code).toBe(0);
    expect(await verify(`docker-archive:${archive}`)).toMatchObject({
      code: 0,
      value: { status: "verified" },
    });
    const id = (await verify(image)).value.subjects[0]?.digest ?? "";
    expect(await verify(id)).toMatchObject({ code: 0, value: { status: "verified", tag: suffix } });
  });

  test("several images give an array, and the first denial's code", async () => {
    const list = home.path("images.txt");
    await writeFile(list, `# what we run\n${image}\n\n${other}\n`);
    const { code, value } = await home.json<Verdict[]>(["verify", "--file", list, "acme/nowhere:1"]);
    expect(value.map(({ status }) => status)).toEqual(["inconclusive", "verified", "unsigned"]);
    expect(code).toBe(10);
    expect((await home.run(["verify", image, "acme/nowhere:1"])).code).toBe(20);
    expect((await home.run(["verify", image, image])).code).toBe(0);
  });

  test("another image under a signed tag is a mismatch, until it is signed; a revoked one stays revoked", async () => {
    await build(image, "second\n");
    const mismatch = await verify(image);
    expect(mismatch.code).toBe(11);
    expectVerdict(mismatch.value, "mismatch");

    expect((await run("sign", image)).code).toBe(0);
    expect(await verify(image)).toMatchObject({ code: 0, value: { status: "verified" } });

    const asked = await run("revoke", image, "--reason", "leaked key");
    expect(asked.code).toBe(2);
    const revoked = await home.json(["revoke", image, "--reason", "leaked key", "--yes"]);
    expect(revoked).toMatchObject({ code: 0, value: { status: "revoked", organisation: "local" } });
    const verdict = await verify(image);
    expect(verdict.code).toBe(12);
    expectVerdict(verdict.value, "revoked");
    expect((await run("revoke", image, "--reason", "again", "--yes")).code).toBe(0);

    const resigned = await home.json(["sign", image]);
    expect(resigned.code).toBe(2);
    expect((await verify(image)).code).toBe(12);
  });

  test("the same digest under a repository that never claimed it is not verified", async () => {
    await build(`acme/base:${suffix}`, "base\n");
    expect((await run("sign", `acme/base:${suffix}`)).code).toBe(0);
    await build(`evil/base:${suffix}`, "base\n");
    const copied = await runProcess("docker", [
      "--host",
      host,
      "tag",
      `acme/base:${suffix}`,
      `evil/base:${suffix}`,
    ]);
    expect(copied.code).toBe(0);
    expect(await verify(`evil/base:${suffix}`)).toMatchObject({ code: 14, value: { status: "untrusted" } });
    await removeImage(`acme/base:${suffix}`, { docker });
    await removeImage(`evil/base:${suffix}`, { docker });
  });

  test("the log tells all of it, newest first", async () => {
    const { value } = await home.json<{ act: string; reason: string | null }[]>(["log", image]);
    expect(value.map(({ act }) => act)).toEqual([
      ...kinds.map(() => "revoked digest"),
      "approved",
      "claimed",
      "approved",
      "claimed",
    ]);
    expect(value[0]?.reason).toBe("leaked key");
  });

  test("with the chain gone the answer is inconclusive, never unsigned", async () => {
    expect((await run("down")).code).toBe(0);
    const { code, value } = await verify(image);
    expect(code).toBe(20);
    expectVerdict(value, "inconclusive");
    expect((await run("sign", image)).code).toBe(20);
    expect((await run("up")).code).toBe(0);
    expect((await verify(image)).code).toBe(12);
  });
});
