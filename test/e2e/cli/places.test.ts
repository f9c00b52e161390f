import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import type { Verdict } from "../../../src/internal.ts";
import { CliHome } from "../../support/cli.ts";
import { layerTar, loadableArchive } from "../../support/layer-tar.ts";
import { findProgram } from "../../support/programs.ts";
import { hasRegistry, RegistryServer } from "../../support/registry-server.ts";

const execute = promisify(execFile);
const programs = findProgram("docker") !== undefined && hasRegistry;

const layers = [
  layerTar([
    { name: "bin/", mode: 0o755 },
    { name: "bin/tool", mode: 0o4755, content: "#!/bin/sh\n" },
    { name: "bin/link", type: "1", linkname: "bin/tool", mode: 0o4755 },
    { name: "etc/", mode: 0o755 },
    { name: "etc/hosts", content: "127.0.0.1 localhost\n" },
    { name: "etc/app.conf", mode: 0o640, uid: 1000, gid: 50, content: "a=1\n" },
    { name: "data/", mode: 0o1777 },
    { name: "data/old", content: "old\n" },
    { name: Buffer.from([0x64, 0x61, 0x74, 0x61, 0x2f, 0xff, 0x0a]), content: "not UTF-8" },
  ]),
  layerTar([
    { name: "data/", mode: 0o700, uid: 7 },
    { name: "data/.wh.old" },
    { name: "data/new", content: "new\n" },
    { name: "lib", type: "2", linkname: "/usr/lib" },
    { name: "fifo", type: "6" },
  ]),
];
const stack = {
  layers,
  config: {
    config: {
      Cmd: ["/bin/tool"],
      Env: ["PATH=/bin"],
      Volumes: { "/data": {} },
      WorkingDir: "/not/there/yet",
      Labels: { b: "2", "10": "1" },
      ExposedPorts: { "80/tcp": {} },
      Healthcheck: { Test: ["CMD", "/bin/tool"], Interval: 30_000_000_000 },
    },
  },
};

// One image in every place where an image can lie: whatever it was signed from, it is verified in all the others.
describe.skipIf(!programs || inject("engines").length < 2)("one image in six places", () => {
  const places = ["classic", "containerd", "docker-archive", "oci", "oci-archive", "registry"] as const;
  type Place = (typeof places)[number];
  const engines = new Map(inject("engines").map(({ name, host }) => [name as Place, host]));
  let home: CliHome;
  let registry: RegistryServer;
  let name: string;
  let references: Readonly<Record<Place, string>>;

  const docker = (place: Place, ...arguments_: string[]) =>
    execute("docker", ["--host", engines.get(place) ?? "", ...arguments_]);
  const run = (place: Place, ...arguments_: string[]) =>
    home.json<Verdict>([arguments_[0] ?? "", references[place], ...arguments_.slice(1)], {
      env: { DOCKER_HOST: engines.get(place) },
    });

  beforeAll(async () => {
    home = await CliHome.withAccount();
    registry = await RegistryServer.start();
    expect(await home.run(["up"])).toMatchObject({ code: 0 });
    name = `${registry.address}/acme/app:1.0`;
    references = {
      classic: name,
      containerd: name,
      "docker-archive": `docker-archive:${home.path("app.tar")}`,
      oci: `oci:${home.path("layout")}:1.0`,
      "oci-archive": `oci-archive:${home.path("app.oci.tar")}:1.0`,
      registry: `docker://${name}`,
    };
    await writeFile(home.path("app.tar"), loadableArchive(stack, "acme/places:1.0"));
    for (const engine of ["classic", "containerd"] as const) {
      await docker(engine, "load", "--input", home.path("app.tar"));
      await docker(engine, "tag", "acme/places:1.0", name);
      await docker(engine, "rmi", "acme/places:1.0");
    }
    await docker("classic", "save", "--output", home.path("app.tar"), name);
    await docker("containerd", "save", "--output", home.path("app.oci.tar"), name);
    await mkdir(home.path("layout"));
    await execute("tar", [
      "--extract",
      "--file",
      home.path("app.oci.tar"),
      "--directory",
      home.path("layout"),
    ]);
    await docker("containerd", "push", name);
  });
  afterAll(async () => {
    for (const engine of ["classic", "containerd"] as const)
      await docker(engine, "rmi", "--force", name).catch(() => {});
    await registry?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  test("is unsigned in each", async () => {
    for (const place of places) expect(await run(place, "verify")).toMatchObject({ code: 10 });
  });

  test("has one config and one runtime digest", async () => {
    const seen = new Map<Place, Verdict>();
    for (const place of places) {
      const depth = place === "registry" ? ["--depth", "runtime"] : [];
      seen.set(place, (await run(place, "sign", ...depth)).value);
    }
    for (const kind of ["config", "runtime"]) {
      const digests = places.map(
        (place) => seen.get(place)?.subjects.find((subject) => subject.kind === kind)?.digest,
      );
      expect(digests[0]).toMatch(/^sha256:/);
      expect(new Set(digests)).toEqual(new Set([digests[0]]));
    }
  });

  test.each(["classic", "containerd", "docker-archive", "registry"] as const)(
    "signed from %s it is verified in each",
    async (from) => {
      // A tag of its own, so that no earlier claim helps.
      const depths = { classic: "runtime", containerd: "runtime", registry: "manifest" } as const;
      await using other = await CliHome.withAccount();
      expect(await other.run(["up"])).toMatchObject({ code: 0 });
      const at = (place: Place, command: string, ...more: string[]) =>
        other.json<Verdict>([command, references[place], ...more], {
          env: { DOCKER_HOST: engines.get(place) },
        });
      expect((await at(from, "sign")).code).toBe(0);
      for (const place of places) {
        const { code, value } = await at(place, "verify");
        expect({ place, code, status: value.status, depth: value.depth }).toEqual({
          place,
          code: 0,
          status: "verified",
          depth: place in depths ? depths[place as keyof typeof depths] : "content",
        });
      }
      expect(await at("registry", "verify", "--depth", "content")).toMatchObject({
        code: 0,
        value: { depth: "content" },
      });
    },
  );
});
