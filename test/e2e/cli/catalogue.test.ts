import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { writeOciLayout } from "../../../src/internal.ts";
import { CliHome, type CliResult } from "../../support/cli.ts";

interface Found {
  readonly image: string;
  readonly status: string;
  readonly organisation: string;
  readonly byOwner: boolean;
  readonly tag: string | null;
  readonly subjects: readonly { readonly digest: string }[];
  readonly claim: { readonly id: string; readonly signers: readonly string[] };
  readonly revocation: { readonly reason: string } | null;
  readonly local?: string;
}

describe("the catalogue's commands", () => {
  let home: CliHome;
  const run = (...arguments_: string[]) => home.run(arguments_);
  const search = async (...arguments_: string[]) =>
    (await home.json<Found[]>(["search", ...arguments_])).value;
  const images = async (...arguments_: string[]) =>
    (await search(...arguments_)).map(({ image, status }) => `${image} ${status}`);

  /** Signs an image of its own under a name. */
  async function sign(name: string, content = name): Promise<string> {
    const directory = home.path(`layout-${Math.random()}`);
    await writeOciLayout({
      directory,
      tag: "any",
      annotations: { "io.containerd.image.name": name },
      files: { content },
    });
    const result = await home.json<{ claim: { id: string } }>(["sign", `oci:${directory}:any`]);
    expect(result.code).toBe(0);
    return result.value.claim.id;
  }

  beforeAll(async () => {
    home = await CliHome.withAccount();
    expect((await run("up", "--org", "acme")).code).toBe(0);
    await sign("docker.io/acme/api:1.0");
    await sign("docker.io/acme/api:1.1");
    await sign("docker.io/acme/worker:1.0");
    await sleep(1100);
    await sign("docker.io/acme/api:1.1", "newer");
    const flawed = await sign("docker.io/acme/flawed:1.0");
    expect((await run("revoke", flawed, "--reason", "a \u001b[31mhole", "--yes")).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("search: words, a digest's beginning, what is shown and what only on request", async () => {
    expect(await images()).toEqual([
      "docker.io/acme/api:1.1 verified",
      "docker.io/acme/worker:1.0 verified",
      "docker.io/acme/api:1.0 verified",
    ]);
    expect(await images("API", "1.0")).toEqual(["docker.io/acme/api:1.0 verified"]);
    expect(await images("api:1.1", "--superseded")).toEqual([
      "docker.io/acme/api:1.1 verified",
      "docker.io/acme/api:1.1 superseded",
    ]);
    const [one] = await search("worker");
    expect(await images(one?.subjects[0]?.digest.slice(0, 20) ?? "")).toEqual([
      "docker.io/acme/worker:1.0 verified",
    ]);
    expect(await images(one?.claim.id.slice(0, 12) ?? "")).toEqual(["docker.io/acme/worker:1.0 verified"]);
    const [revoked] = await search("flawed", "--all");
    expect(revoked).toMatchObject({ status: "revoked", revocation: { reason: "a \u001b[31mhole" } });
    expect(await images("--org", "nobody")).toEqual([]);
    expect(await images("--limit", "1")).toHaveLength(1);
  });

  test("search: for people, in columns; where nothing is found, nothing, and a note", async () => {
    const { stdout, code } = await run("search", "api:1.0");
    expect(code).toBe(0);
    const [header, line, ...rest] = stdout.trimEnd().split("\n");
    expect(header).toMatch(/^IMAGE +ORGANISATION +STATUS +SIGNED +DIGEST$/);
    expect(line).toMatch(/^docker\.io\/acme\/api:1\.0 +acme +verified +\S+Z +sha256:[0-9a-f]{12}$/);
    expect(rest).toEqual([]);

    const none = await run("search", "nothing-of-this-name");
    expect(none).toMatchObject({ code: 0, stdout: "" });
    expect(none.stderr).not.toBe("");
    expect(await run("search", "nothing-of-this-name", "--quiet")).toMatchObject({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const { stderr } = await run("search", "--limit", "1");
    expect(stderr).toContain("2 more");
  });

  test("images: the organisation's tags, whatever became of them; unknown what is here without an engine", async () => {
    const { value, code, stderr } = await home.json<Found[]>(["images"]);
    expect(code).toBe(0);
    expect(value.map(({ image, status, local }) => `${image} ${status} ${local}`)).toEqual([
      "docker.io/acme/api:1.0 verified unknown",
      "docker.io/acme/api:1.1 verified unknown",
      "docker.io/acme/flawed:1.0 revoked unknown",
      "docker.io/acme/worker:1.0 verified unknown",
    ]);
    expect(stderr).toContain("Docker Engine");
    expect((await home.json<Found[]>(["images", "acme/worker"])).value).toHaveLength(1);
    expect((await run("images", "--org", "nobody")).code).toBe(2);
    expect((await run("images", "acme/api:1.0")).code).toBe(2);
  });

  test("watch: what happened since a block, then each act as it happens, until it is stopped", async () => {
    const watching = home.run(["watch", "--since", "0", "--json"], {
      interrupt: { signal: "SIGINT", after: "second/api:2.0" },
    });
    await sleep(1500);
    await sign("docker.io/second/api:2.0");
    const { stdout, code } = await watching;
    expect(code).toBe(0);
    const acts = stdout
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(acts[0]).toMatchObject({ act: "governor changed", organisation: null, by: null });
    const revocation = acts.find(({ act }) => act === "revoked claim" || act === "revoked digest");
    expect(revocation).toMatchObject({
      organisation: "acme",
      images: ["docker.io/acme/flawed:1.0"],
      reason: "a \u001b[31mhole",
    });
    expect(acts.filter(({ act }) => act === "claimed").map(({ images: names }) => names)).toContainEqual([
      "docker.io/second/api:2.0",
    ]);
    expect(stdout).not.toContain("\u001b");
  });

  test("watch: one repository, for people; a revocation stands out and repaints nothing", async () => {
    const watching = home.run(["watch", "acme/flawed", "--since", "0"], {
      interrupt: { signal: "SIGTERM", after: "REVOKED" },
    });
    const { stdout, code } = await watching;
    expect(code).toBe(0);
    expect(stdout).not.toContain("acme/api");
    expect(stdout).toMatch(
      /^\S+Z {2}acme +REVOKED \S+ +docker\.io\/acme\/flawed:1\.0 \(.*: a \ufffd\[31mhole$/m,
    );
    expect((await run("watch", "oci:somewhere")).code).toBe(2);
    expect((await run("watch", "--since", "yesterday")).code).toBe(2);
  });

  test("where the chain is down: search and images answer from what is known and say so, watch waits for it", async () => {
    const chainUp = async (): Promise<CliResult> => run("up");
    expect((await run("down")).code).toBe(0);
    const offline = await home.json<Found[]>(["search", "worker"]);
    expect(offline).toMatchObject({
      code: 0,
      value: [{ image: "docker.io/acme/worker:1.0", status: "verified" }],
    });
    expect(offline.stderr).toMatch(/^warning: .*as of block \d+, \S+Z/m);
    expect((await home.json<Found[]>(["images"])).value.length).toBeGreaterThan(3);

    const watching = home.run(["watch"], { interrupt: { signal: "SIGINT", after: "later:1.0" } });
    await sleep(2500);
    expect((await chainUp()).code).toBe(0);
    await sleep(2500);
    await sign("docker.io/acme/later:1.0");
    const { stdout, stderr, code } = await watching;
    expect(code).toBe(0);
    expect(stdout).toContain("docker.io/acme/later:1.0");
    expect(stderr.match(/Waiting for the chain/g)).toHaveLength(1);
    expect(stderr.match(/answers again/g)).toHaveLength(1);
  });

  test("without a chain, or with one that was never reached, there is nothing to answer from", async () => {
    await using empty = await CliHome.withAccount();
    for (const command of ["search", "images", "watch"]) {
      const result = await empty.run([command, ...(command === "images" ? ["--org", "acme"] : [])]);
      expect({ command, code: result.code }).toEqual({ command, code: 20 });
    }
    expect((await empty.run(["up", "--quiet"])).code).toBe(0);
    expect((await empty.run(["down"])).code).toBe(0);
    expect((await empty.run(["search"])).code).toBe(20);
  });
});

describe.each(inject("engines"))("images beside a real engine: $name", ({ host }) => {
  test("a tag is missing, current, superseded or another, going by the image ID", async () => {
    await using home = await CliHome.withAccount(host);
    const { buildTinyImage, removeImage } = await import("../../../src/internal.ts");
    const docker = { host };
    const name = (tag: string) => `catalogue-test/app:${tag}`;
    const local = async () =>
      Object.fromEntries(
        (await home.json<Found[]>(["images", "catalogue-test/app"])).value.map(({ tag, local: what }) => [
          tag,
          what,
        ]),
      );
    const build = (tag: string, content: string) =>
      buildTinyImage({ name: name(tag), files: { content }, docker });
    try {
      expect((await home.run(["up", "--org", "acme", "--quiet"])).code).toBe(0);
      for (const tag of ["same", "gone", "old", "other"]) await build(tag, `first ${tag}`);
      const sign = async (...tags: string[]) => {
        const { code, stderr } = await home.run(["sign", ...tags.map(name)]);
        expect({ code, stderr: code === 0 ? "" : stderr }).toEqual({ code: 0, stderr: "" });
      };
      await sign("same", "gone", "old", "other");
      expect(await local()).toEqual({ same: "current", gone: "current", old: "current", other: "current" });
      await sleep(1100);
      await removeImage(name("gone"), { docker });
      // Another image is signed under the tag, elsewhere.
      await writeOciLayout({
        directory: home.path("later"),
        tag: "any",
        annotations: { "io.containerd.image.name": `docker.io/${name("old")}` },
        files: { content: "second old" },
      });
      expect((await home.run(["sign", `oci:${home.path("later")}:any`])).code).toBe(0);
      await build("other", "never signed");
      expect(await local()).toEqual({ same: "current", gone: "missing", old: "superseded", other: "other" });
    } finally {
      for (const tag of ["same", "gone", "old", "other"]) await removeImage(name(tag), { docker });
    }
  });
});
