import { readFile, writeFile } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeOciLayout } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { docker, makeRunnableImage } from "../../support/runnable-image.ts";

interface Audited {
  readonly image: string;
  readonly status: string;
  readonly checkedAt: string;
  readonly where: readonly { kind: string; name: string; file?: string; line?: number }[];
}

describeOnEngines("audit", ({ host, name: store }) => {
  let home: CliHome;
  const own = `audit-${store}`;
  const image = (name: string) => `${own}/${name}:1`;
  const container = (name: string) => `${own}-${name}`;
  const names = ["good", "moved", "revoked", "unsigned"];
  const isOwn = (entry: Audited) =>
    entry.image.startsWith(`${own}/`) || entry.where.some(({ name }) => name.startsWith(own));
  /** What the audit says of this test's things: others share the engine. */
  const audit = async (...arguments_: string[]) => {
    const result = await home.json<Audited[]>(["audit", ...arguments_]);
    return { ...result, own: result.value.filter(isOwn) };
  };
  const brief = (entries: readonly Audited[]): string[] =>
    entries.map((entry) => `${entry.status} ${entry.image} ${entry.where.map(({ kind }) => kind).join("+")}`);

  beforeAll(async () => {
    home = await CliHome.create(host);
    expect((await home.run(["up", "--org", "acme", "--quiet"])).code).toBe(0);
    for (const name of names) makeRunnableImage(host, image(name), `${name} ${store}`);
    expect((await home.run(["sign", "--quiet", ...["good", "moved", "revoked"].map(image)])).code).toBe(0);
    docker(host, ["tag", image("good"), `${own}/good:2`]);
    for (const name of ["good", "moved", "revoked"])
      docker(host, [
        "run",
        "--detach",
        "--network",
        "none",
        "--name",
        container(name),
        image(name),
        "sleep",
        "600",
      ]);
    docker(host, ["create", "--network", "none", "--name", container("stopped"), image("unsigned"), "true"]);
    const revoke = await home.run(["revoke", image("revoked"), "--reason", "a \u001b[31mhole", "--yes"]);
    expect(revoke.code).toBe(0);
    await sleep(1100);
    // The container goes on running what the name meant.
    makeRunnableImage(host, image("moved"), `moved on ${store}`);
  });
  afterAll(async () => {
    if (home === undefined) return;
    const containers = ["good", "moved", "revoked", "stopped"].map(container);
    docker(host, ["rm", "--force", ...containers]);
    const dangling = docker(host, ["image", "ls", "--quiet", "--filter", "dangling=true"]).split("\n");
    docker(host, ["rmi", "--force", ...names.map(image), `${own}/good:2`, ...dangling.filter(Boolean)]);
    await home[Symbol.asyncDispose]();
  });

  test("all images and running containers, each image once, as verify judges it", async () => {
    const { own: entries, code } = await audit();
    expect(brief(entries).filter((line) => line.includes("/"))).toEqual([
      `revoked ${image("revoked")} image+container`,
      `mismatch ${image("moved")} image`,
      `unsigned ${image("unsigned")} image`,
      `verified ${image("good")} image+container`,
      `verified ${own}/good:2 image`,
      `verified ${image("moved")} container`,
    ]);
    expect(code).toBe(12);
    for (const entry of entries) {
      if (!entry.where.some(({ kind }) => kind === "image") || entry.image.startsWith("sha256:")) continue;
      const { value } = await home.json<Audited>(["verify", entry.image]);
      const { where, ...verdict } = entry;
      expect(verdict).toEqual({ ...value, checkedAt: entry.checkedAt });
    }
  });

  test("containers alone, quickly; stopped ones on request", async () => {
    const { own: running } = await audit("--containers", "--depth", "id");
    expect(brief(running)).toEqual([
      `revoked ${image("revoked")} container`,
      `verified ${image("good")} container`,
      `verified ${image("moved")} container`,
    ]);
    expect(running[0]?.where).toEqual([{ kind: "container", name: container("revoked") }]);
    const { own: all } = await audit("--containers", "--all", "--depth", "id");
    expect(brief(all)).toContain(`unsigned ${image("unsigned")} container`);
  });

  test("files: a compose file, manifests and a list, in one go, and nothing else", async () => {
    const compose = home.path("compose.yaml");
    await writeFile(
      compose,
      `services:\n  api:\n    image: ${own}/\${WHICH:-good}:1\n  same:\n    image: ${image("good")}\n  made:\n    build: .\n`,
    );
    const manifest = home.path("pod.yaml");
    await writeFile(
      manifest,
      "apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n  - image: localhost:1/gone:1\n",
    );
    const list = home.path("list.txt");
    await writeFile(list, `# images\n${image("revoked")}\nNot An Image\n`);
    const { value, code } = await audit("--compose", compose, "--kubernetes", manifest, "--file", list);
    expect(code).toBe(12);
    expect(value.map(({ status, image: found, where }) => [status, found, where])).toEqual([
      ["revoked", image("revoked"), [{ kind: "list", name: "", file: list, line: 2 }]],
      ["inconclusive", `${compose}: made`, [{ kind: "compose", name: "made", file: compose, line: 7 }]],
      ["inconclusive", "Not An Image", [{ kind: "list", name: "", file: list, line: 3 }]],
      [
        "inconclusive",
        "docker://localhost:1/gone:1",
        [{ kind: "kubernetes", name: "Pod/p", file: manifest, line: 6 }],
      ],
      [
        "verified",
        image("good"),
        [
          { kind: "compose", name: "api", file: compose, line: 3 },
          { kind: "compose", name: "same", file: compose, line: 5 },
        ],
      ],
    ]);
    const good = await home.run(["audit", "--compose", compose, "--ignore-built", "--quiet"]);
    expect(good).toMatchObject({ code: 0, stdout: `verified ${image("good")}\n`, stderr: "" });
    const other = await home.run(["audit", "--compose", compose, "--ignore-built"], {
      env: { WHICH: "unsigned" },
    });
    expect(other.code).toBe(10);
    expect(other.stderr).toContain("2 images: 1 unsigned, 1 verified");
    expect((await home.run(["audit", "--compose", compose])).code).toBe(20);
  });

  test("standard input, and what goes to standard output in the place of the table", async () => {
    const options = { input: `${image("good")}\n${image("unsigned")}\n` };
    const sarif = await home.run(
      ["audit", "--file", "-", "--sarif", "-", "--html", home.path("a.html")],
      options,
    );
    expect(sarif.code).toBe(10);
    const { results } = JSON.parse(sarif.stdout).runs[0];
    expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual(["unsigned"]);
    expect(await readFile(home.path("a.html"), "utf8")).toMatch(/^<!doctype html>[\s\S]*1 of 2 images/);
    const pod = JSON.stringify({
      apiVersion: "v1",
      kind: "Pod",
      spec: { containers: [{ image: "localhost:1/gone" }] },
    });
    expect((await home.run(["audit", "--kubernetes", "-"], { input: pod })).code).toBe(20);
    expect((await home.run(["audit", "--json", "--sarif", "-", "--file", "-"], options)).code).toBe(2);
    expect((await home.run(["audit", "--file", "-", "--compose", "-"], options)).code).toBe(2);
  });

  test("for people: the worst first, nothing that repaints, the counts on stderr", async () => {
    const { stdout, stderr, code } = await home.run(["audit", "--images", "--depth", "id"]);
    const lines = stdout.split("\n");
    expect(code).not.toBe(0);
    expect(lines[0]).toMatch(/^STATUS +IMAGE +WHERE +BECAUSE$/);
    const at = (status: string) => lines.findIndex((line) => line.startsWith(`${status} `));
    expect(at("revoked")).toBeGreaterThan(0);
    expect(at("revoked")).toBeLessThan(at("unsigned"));
    expect(at("unsigned")).toBeLessThan(at("verified"));
    expect(stdout).not.toContain("\u001b");
    expect(stderr).toMatch(/^\d+ images: .*\d+ verified/m);
  });

  test("wrong use, an organisation that is not there, and an engine that is away", async () => {
    expect((await home.run(["audit", "--compose", home.path("gone.yaml")])).code).toBe(2);
    expect((await home.run(["audit", "--file", home.path("gone.txt")])).code).toBe(2);
    expect((await home.run(["audit", "--images", "--depth", "id", "--org", "nobody"])).code).toBe(2);
    const away = { env: { DOCKER_HOST: "unix:///nonexistent.sock" } };
    expect((await home.run(["audit"], away)).code).toBe(20);
    // Images elsewhere are judged without one.
    await writeOciLayout({
      directory: home.path("layout"),
      tag: "any",
      annotations: { "io.containerd.image.name": "docker.io/acme/layout:1" },
      files: { content: "x" },
    });
    const input = `oci:${home.path("layout")}:any\n`;
    expect((await home.run(["audit", "--file", "-", "--quiet"], { ...away, input })).stdout).toBe(
      `unsigned ${input}`,
    );
  });
});
