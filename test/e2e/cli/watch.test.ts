import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { CliHome } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { docker, makeRunnableImage } from "../../support/runnable-image.ts";

interface Line {
  readonly act: string;
  readonly subject: string;
  readonly organisation: string | null;
  readonly reason: string | null;
  readonly images: readonly string[];
  readonly containers:
    | readonly { readonly id: string; readonly name: string; readonly image: string }[]
    | null;
}

const toLines = (text: string): Line[] =>
  text
    .trimEnd()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Line);

describeOnEngines("watch beside running containers", ({ host, name: store }) => {
  test("what acts hit is named within seconds, and handed to a command and a server", async () => {
    await using home = await CliHome.create(host);
    const own = `watch-${store}`;
    const image = (name: string) => `${own}/${name}:1`;
    const container = (name: string) => `${own}-${name}`;
    const names = ["old", "digest", "claim", "stolen", "good"];
    const run = async (...arguments_: string[]) => {
      const result = await home.run(arguments_);
      expect({ arguments_, code: result.code, stderr: result.code === 0 ? "" : result.stderr }).toEqual({
        arguments_,
        code: 0,
        stderr: "",
      });
      return result;
    };
    const bodies: string[] = [];
    const server = createServer(async (request, response) => {
      let body = "";
      for await (const piece of request) body += String(piece);
      bodies.push(body);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    onTestFinished(() => {
      server.close();
      docker(host, ["rm", "--force", ...names.map(container)]);
      docker(host, ["rmi", "--force", ...names.map(image)]);
    });

    await run("up", "--org", "acme", "--quiet");
    for (const name of names) {
      makeRunnableImage(host, image(name), `${name} ${store}`);
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
    }
    await run("sign", "--quiet", image("old"), image("digest"), image("good"));
    const claim = await home.json<{ claim: { id: string } }>(["sign", image("claim")]);
    const password = { DAOCHAIN_PASSWORD_FILE: home.path("password") };
    const { writeFile } = await import("node:fs/promises");
    await writeFile(home.path("password"), "another secret\n");
    const created = await home.json<{ address: string }>(["account", "create", "second"], { env: password });
    await run("org", "add-signer", "acme", created.value.address);
    const second = await home.run(["sign", "--quiet", "--account", "second", image("stolen")], {
      env: password,
    });
    expect(second).toMatchObject({ code: 0 });
    await run("revoke", image("old"), "--reason", "before", "--yes");

    const file = home.path("hook");
    const hostile = `\u001b[2J"; touch '${file}.pwned'; $(touch ${file}.pwned) \``;
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const started = performance.now();
    const watching = home.run(["watch", "--json", "--exec", `cat >> '${file}'`, "--webhook", url], {
      interrupt: { signal: "SIGINT", after: '"act":"signer voided"' },
    });
    // It has begun once it has told what ran already.
    while (!existsSync(file) && performance.now() - started < 60_000) await sleep(50);
    await run("revoke", image("digest"), "--reason", hostile, "--yes");
    await run("revoke", claim.value.claim.id, "--reason", "a claim", "--yes");
    await run("org", "add-admin", "acme", created.value.address);
    await run("org", "void-signer", "acme", created.value.address, "--since", "1d", "--yes");
    const { stdout, code } = await watching;
    expect(code).toBe(0);
    expect(stdout).not.toContain("\u001b");

    const lines = toLines(stdout);
    const hit = (act: string) =>
      lines.filter((line) => line.act === act).map(({ containers }) => containers?.map((one) => one.name));
    expect(hit("still running")).toEqual([[container("old")]]);
    const digests = hit("revoked digest");
    expect(digests.length).toBeGreaterThan(0);
    expect(digests).toContainEqual([container("digest")]);
    expect(hit("revoked claim")).toEqual([[container("claim")]]);
    expect(hit("signer voided")).toEqual([[container("stolen")]]);
    expect(hit("admin added")).toEqual([[]]);
    const named = lines.find(({ act }) => act === "revoked claim")?.containers?.[0];
    expect(named).toEqual({
      id: docker(host, ["inspect", "--format", "{{.Id}}", container("claim")]),
      name: container("claim"),
      image: image("claim"),
    });
    expect(lines.find(({ act }) => act === "revoked digest")?.reason).toBe(hostile);

    // Both got what hits a container, in its order, byte for byte; and no word of it was taken for a command.
    const hits = lines.filter(({ containers }) => (containers?.length ?? 0) > 0);
    expect(toLines(readFileSync(file, "utf8"))).toEqual(hits);
    expect(bodies.map((body) => JSON.parse(body))).toEqual(hits);
    expect(existsSync(`${file}.pwned`)).toBe(false);

    const forPeople = await home.run(["watch"], { interrupt: { signal: "SIGTERM", after: "STILL RUNNING" } });
    expect(forPeople.code).toBe(0);
    expect(forPeople.stdout).toMatch(
      new RegExp(`STILL RUNNING +${container("\\w+")} \\(${image("\\w+")}\\)`),
    );
  });
});

test("without an engine, acts are told all the same, and every one that could hit something goes to the hook", async () => {
  await using home = await CliHome.create();
  const { writeOciLayout } = await import("../../../src/internal.ts");
  expect((await home.run(["up", "--org", "acme", "--quiet"])).code).toBe(0);
  await writeOciLayout({
    directory: home.path("layout"),
    tag: "any",
    annotations: { "io.containerd.image.name": "docker.io/acme/api:1" },
    files: { content: "x" },
  });
  const layout = `oci:${home.path("layout")}:any`;
  const file = home.path("hook");
  const watching = home.run(["watch", "--json", "--exec", `cat >> '${file}'`], {
    interrupt: { signal: "SIGINT", after: '"act":"revoked' },
  });
  await sleep(2500);
  expect((await home.run(["sign", layout])).code).toBe(0);
  expect((await home.run(["revoke", layout, "--reason", "x", "--yes"])).code).toBe(0);
  const { stdout, stderr, code } = await watching;
  expect(code).toBe(0);
  const lines = toLines(stdout);
  expect(lines.find(({ act }) => act === "claimed")?.containers).toEqual([]);
  const revoked = lines.filter(({ act }) => act.startsWith("revoked"));
  expect(revoked.map(({ containers }) => containers)).toEqual(revoked.map(() => null));
  expect(toLines(readFileSync(file, "utf8"))).toEqual(revoked);
  expect(stderr.match(/Running containers are not named/g)).toHaveLength(1);
  const plain = await home.run(["watch", "--no-containers", "--since", "0"], {
    interrupt: { signal: "SIGINT", after: "REVOKED" },
  });
  expect(plain.stderr).not.toContain("Docker");
  expect((await home.run(["watch", "--webhook", "http://example.com/"])).code).toBe(2);
});
