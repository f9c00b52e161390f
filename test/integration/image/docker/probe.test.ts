import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, it, onTestFinished } from "vitest";
import type { ImageFacts } from "../../../../src/image/image.ts";
import { openImage } from "../../../../src/image/open.ts";
import { endedProcess } from "../../../support/ended-process.ts";
import { describeOnEngines } from "../../../support/engines.ts";
import { EngineApi } from "../../../support/exported-tree.ts";
import { testDirectory } from "../../../support/images.ts";
import { type LayerEntry, layerTar, loadableArchive } from "../../../support/layer-tar.ts";
import { oracleExport } from "../../../support/runtime-oracle.ts";

const label = "io.daochain.probe";
const probeProcess = fileURLToPath(new URL("../../../support/probe-process.ts", import.meta.url));

interface Container {
  readonly Id: string;
  readonly Labels: Readonly<Record<string, string>>;
}

describeOnEngines("a probe of a real engine", ({ host }) => {
  const api = new EngineApi(host);
  const docker = { host };

  async function load(config: object, entries: readonly LayerEntry[] = [{ name: "f", content: "x" }]) {
    const tag = `daochain/probe-${randomBytes(4).toString("hex")}:1`;
    const stack = { layers: [layerTar(entries)], config: { config } };
    await api.load(stack, tag);
    onTestFinished(() => api.remove(tag));
    return { tag, archive: loadableArchive(stack, tag) };
  }

  async function get(path: string): Promise<unknown> {
    const { status, body } = await api.call("GET", path);
    expect(status).toBe(200);
    return JSON.parse(body.toString());
  }

  /** Containers with our label; of these processes, if told. */
  async function probes(...pids: (number | undefined)[]): Promise<Container[]> {
    const filters = encodeURIComponent(JSON.stringify({ label: [label] }));
    const all = (await get(`/containers/json?all=1&filters=${filters}`)) as Container[];
    return all.filter(({ Labels }) => pids.some((pid) => Labels[label] === `${hostname()}/${pid}`));
  }

  async function volumes(): Promise<Set<string>> {
    const { Volumes } = (await get("/volumes")) as { Volumes: { Name: string }[] | null };
    return new Set((Volumes ?? []).map(({ Name }) => Name));
  }

  async function runtimeOf(reference: string): Promise<{ facts: ImageFacts; digest: string | undefined }> {
    const facts = await (await openImage(reference, { docker })).inspect({
      depth: "runtime",
      thorough: true,
    });
    return { facts, digest: facts.subjects.find(({ kind }) => kind === "runtime")?.digest };
  }

  const files: LayerEntry[] = [
    { name: "data/" },
    { name: "data/f", content: "x" },
    { name: "w", content: "y" },
  ];
  it.each<[string, object]>([
    ["volumes with files in them", { Volumes: { "/data": {} } }],
    ["volumes that are not there", { Volumes: { "/none/of/this": {}, "/data/f/../x/": {} } }],
    ["a volume where a file is", { Volumes: { "/w": {} } }],
    ["a volume by a relative path", { Volumes: { data: {} } }],
    ["a volume twice", { Volumes: { "/data": {}, "/data/": {} } }],
    ["a working directory that is not there", { WorkingDir: "/not/there" }],
    ["a working directory that is a file", { WorkingDir: "/w" }],
    ["a relative working directory", { WorkingDir: "data/../data/" }],
    ["no command at all", {}],
    ["an entrypoint alone", { Entrypoint: ["/w", "a b"] }],
    ["a command alone", { Cmd: ["/none"] }],
    [
      "a health check",
      { Cmd: ["/w"], Healthcheck: { Test: ["CMD-SHELL", "exit 0"], Interval: 1e9, Retries: 2 } },
    ],
    ["a health check that is none", { Cmd: ["/w"], Healthcheck: { Test: [] } }],
    ["steps for images built on it", { Cmd: ["/w"], OnBuild: ["RUN false", "COPY . /x"] }],
    ["a signal that there is not", { Cmd: ["/w"], StopSignal: "SIGNONE" }],
    ["a user that there is not", { Cmd: ["/w"], User: "nobody-at-all:none" }],
    [
      "odd ports and labels",
      { Cmd: ["/w"], ExposedPorts: { "80": {}, "53/UDP": {} }, Labels: { a: null, "": "x" } },
    ],
    ["our own label", { Cmd: ["/w"], Labels: { [label]: "nobody/1" } }],
  ])(
    "gives the digest that the layers give, and leaves nothing, for an image with %s",
    async (_what, config) => {
      const { tag, archive } = await load(config, files);
      const path = join(await testDirectory(), "image.tar");
      await writeFile(path, archive);
      const before = await volumes();
      const inEngine = await runtimeOf(tag);
      expect(inEngine.facts).toMatchObject({ corruptions: [], notes: [] });
      expect(inEngine.digest).toBe((await runtimeOf(`docker-archive:${path}`)).digest);
      expect(inEngine.digest).toMatch(/^sha256:/);
      expect(await probes(process.pid)).toEqual([]);
      await expectNoMoreVolumes(before);
    },
  );

  it("gives the digest that the second implementation makes of the export and of what the engine shows", async () => {
    const { tag } = await load(
      { Cmd: ["/w", "\u2028"], Env: ["A=1"], Labels: { b: "2", a: "" }, User: "5", WorkingDir: "/x/../w/" },
      [
        ...files,
        { name: "etc/passwd", content: "root", mode: 0o4600, uid: 3 },
        { name: "data/l", type: "2", linkname: "../w\n", gid: 7 },
        { name: "data/h", type: "1", linkname: "data/f", mode: 0o640 },
        { name: "data/c", type: "3", devmajor: 1, devminor: 300 },
        { name: Buffer.from("data/\xff", "latin1"), type: "6" },
        { name: "data/large", content: Buffer.alloc(3_000_000, 1), uid: 3_000_000 },
      ],
    );
    const { Config } = (await api.inspect(tag)) as { Config: unknown };
    const { digest } = await runtimeOf(tag);
    expect(oracleExport(await api.export(tag, { WorkingDir: "/" }), Config)).toEqual({ digest });
  });

  /** Other tests may have containers with volumes for a moment. */
  async function expectNoMoreVolumes(before: ReadonlySet<string>): Promise<void> {
    await expect.poll(async () => [...(await volumes())].filter((name) => !before.has(name))).toEqual([]);
  }

  it("is removed when it is cancelled, at whatever moment", { timeout: 60_000 }, async () => {
    const { tag } = await load({ Cmd: ["/x"] }, large);
    const source = await openImage(tag, { docker });
    const started = performance.now();
    await source.inspect({ depth: "runtime" });
    const time = performance.now() - started;
    let cancelled = 0;
    for (let round = 0; round < 20; round++) {
      const stop = new AbortController();
      const outcome = source.inspect({ depth: "runtime", signal: stop.signal }).then(
        () => "done",
        (error: { code: string }) => error.code,
      );
      await sleep((time * round) / 20);
      stop.abort();
      const code = await outcome;
      expect(["done", "CANCELLED"]).toContain(code);
      if (code === "CANCELLED") cancelled++;
      expect(await probes(process.pid)).toEqual([]);
    }
    expect(cancelled).toBeGreaterThan(0);
  });

  it("is removed by the next when its process was killed, at whatever moment", {
    timeout: 120_000,
  }, async () => {
    const { tag } = await load({ Cmd: ["/x"] }, large);
    const killed: (number | undefined)[] = [];
    let left = 0;
    // How far a probe has come after which time nobody can say: there are more rounds until one was left.
    for (let round = 0; round < 8 || (left === 0 && round < 60); round++) {
      const child = spawn(process.execPath, [probeProcess, host, tag], {
        stdio: ["ignore", "pipe", "ignore"],
      });
      killed.push(child.pid);
      await once(child.stdout, "data");
      await sleep(Math.random() * 300);
      child.kill("SIGKILL");
      await once(child, "exit");
      left += (await probes(child.pid)).length;
    }
    expect(left).toBeGreaterThan(0);
    await expect
      .poll(
        async () => {
          // The engine may still be busy with what a killed process has asked for.
          await runtimeOf(tag);
          return probes(...killed);
        },
        { timeout: 30_000 },
      )
      .toEqual([]);
  });

  it("never removes a container of somebody's own, though its image has our label", {
    timeout: 60_000,
  }, async () => {
    const busybox = await readFile("/bin/busybox");
    const { tag } = await load(
      { Cmd: ["/busybox", "sleep", "100"], Labels: { [label]: `${hostname()}/${await endedProcess()}` } },
      [{ name: "busybox", content: busybox, mode: 0o755 }],
    );
    const make = async (name: string, settings: object, ...acts: string[]) => {
      const body = { Image: tag, NetworkDisabled: true, HostConfig: { NetworkMode: "none" }, ...settings };
      const made = await api.call("POST", `/containers/create?name=${name}`, body);
      expect(made.status, made.body.toString()).toBe(201);
      const { Id } = JSON.parse(made.body.toString()) as Container;
      onTestFinished(async () => {
        await api.call("DELETE", `/containers/${Id}?force=1&v=1`);
      });
      for (const act of acts) {
        const { status, body } = await api.call("POST", `/containers/${Id}/${act}`);
        expect(status, body.toString()).toBeLessThan(300);
      }
      return Id;
    };
    const unique = randomBytes(4).toString("hex");
    const theirs = [
      await make(`created-${unique}`, {}),
      await make(`running-${unique}`, {}, "start"),
      await make(`stopped-${unique}`, {}, "start", "stop?t=0"),
      await make(`daochain-probe-${unique}`, {}),
      await make(`named-${unique}`, { Entrypoint: ["/daochain-never-starts-this"], Cmd: [] }),
    ];
    await runtimeOf(tag);
    const { length } = theirs;
    const still = (await get("/containers/json?all=1")) as Container[];
    expect(still.filter(({ Id }) => theirs.includes(Id))).toHaveLength(length);
    expect((await api.call("GET", `/containers/${theirs[1]}/json`)).body.toString()).toContain(
      '"Running":true',
    );
  });
});

/** Enough for an export to take its time. */
const large: LayerEntry[] = [];
beforeAll(() => {
  for (let index = 0; index < 40; index++)
    large.push({ name: `f${index}`, content: randomBytes(1024 * 1024) });
});
