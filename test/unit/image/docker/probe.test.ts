import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { hostname } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { DockerClient } from "../../../../src/image/docker/client.ts";
import { type ProbedImage, probeImage } from "../../../../src/image/docker/probe.ts";
import type { InspectOptions } from "../../../../src/image/image.ts";
import { listEntries } from "../../../../src/image/rootfs/tree.ts";
import { endedProcess } from "../../../support/ended-process.ts";
import { codeOf, failureOf } from "../../../support/errors.ts";
import { testDirectory } from "../../../support/images.ts";
import { layerTar } from "../../../support/layer-tar.ts";

// What no real engine does when asked to: the rest of this is tested with real ones, under test/integration.

const id = "c".repeat(64);
const other = "d".repeat(64);
const image: ProbedImage = { id: `sha256:${"a".repeat(64)}`, platform: undefined, volumes: ["/data"] };
const exported = layerTar([{ name: "a/" }, { name: "a/f", content: "x".repeat(2000) }]);
const never = "/daochain-never-starts-this";

type Handler = (response: ServerResponse, body: string) => void;

const reply =
  (status: number, body: unknown): Handler =>
  (response) => {
    const bytes = Buffer.isBuffer(body) || typeof body === "string" ? body : JSON.stringify(body);
    response.writeHead(status).end(bytes);
  };

interface Daemon {
  readonly list: Handler;
  readonly create: Handler;
  readonly export: Handler;
  readonly remove: Handler;
}

const obedient: Daemon = {
  list: reply(200, []),
  create: reply(201, { Id: id, Warnings: [] }),
  export: reply(200, exported),
  remove: reply(204, ""),
};

/** Probes a daemon that answers as told; what it was asked, in order. */
async function start(changes: Partial<Daemon> = {}) {
  const daemon = { ...obedient, ...changes };
  const asked: string[] = [];
  const bodies: string[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const { method, url = "" } = request;
    let body = "";
    for await (const piece of request) body += String(piece);
    bodies.push(body);
    const path = url.split("?", 1)[0] ?? "";
    asked.push(`${method} ${path}`);
    if (method === "DELETE") daemon.remove(response, body);
    else if (path.endsWith("/json")) daemon.list(response, body);
    else if (path.endsWith("/create")) daemon.create(response, body);
    else daemon.export(response, body);
  });
  const path = join(await testDirectory(), "d.sock");
  server.listen(path);
  await once(server, "listening");
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const client = await DockerClient.prepare({ host: `unix://${path}` });
  const probe = async (options: InspectOptions = {}) => {
    const { removal, ...found } = await probeImage(client, image, options);
    return { ...found, notes: await removal };
  };
  return { probe, asked, bodies };
}

const list = "GET /containers/json";
const create = "POST /containers/create";
const get = `GET /containers/${id}/export`;
const remove = `DELETE /containers/${id}`;

describe("a probe", () => {
  it("makes a container that could do nothing, exports and removes it", async () => {
    const { probe, asked, bodies } = await start();
    const { root, bytes, notes } = await probe();
    expect(listEntries(root).map(({ path }) => path)).toEqual(["a", "a/f"]);
    expect({ bytes, notes, asked }).toEqual({
      bytes: exported.length,
      notes: [],
      asked: [list, create, get, remove],
    });
    expect(JSON.parse(bodies[1] ?? "")).toMatchObject({
      Image: image.id,
      Entrypoint: [never],
      Cmd: [],
      WorkingDir: "/",
      NetworkDisabled: true,
      Labels: { "io.daochain.probe": `${hostname()}/${process.pid}` },
      HostConfig: { NetworkMode: "none", Mounts: [{ Type: "tmpfs", Target: "/data" }] },
    });
  });

  it.each<[string, Handler, string]>([
    ["fails", reply(500, { message: "no such file" }), "DOCKER_FAILED"],
    ["is cut", reply(200, exported.subarray(0, 1500)), "DOCKER_FAILED"],
    ["has no end", reply(200, exported.subarray(0, -1024)), "DOCKER_FAILED"],
    ["is empty", reply(200, ""), "DOCKER_FAILED"],
    ["is no archive", reply(200, "x".repeat(2000)), "DOCKER_FAILED"],
    ["climbs", reply(200, layerTar([{ name: "../x" }])), "DOCKER_FAILED"],
    ["has a name twice", reply(200, layerTar([{ name: "x" }, { name: "x" }])), "DOCKER_FAILED"],
    ["breaks midway", breaksAfter(exported.subarray(0, 700)), "DOCKER_FAILED"],
    ["breaks before its end", breaksAfter(exported), "DOCKER_FAILED"],
    ["breaks at once", (response) => response.destroy(), "DOCKER_UNREACHABLE"],
    ["goes on after its end", endless(exported, Buffer.alloc(64 * 1024)), "DOCKER_FAILED"],
    [
      "has files without end",
      endless(Buffer.alloc(0), (index) =>
        layerTar([{ name: `${`${index}/`.padEnd(3000, "long/")}x` }]).subarray(0, -1024),
      ),
      "IMAGE_LIMIT_EXCEEDED",
    ],
  ])("is removed when its export %s", { timeout: 60_000 }, async (_what, handler, code) => {
    const { probe, asked } = await start({ export: handler });
    expect(await codeOf(() => probe())).toBe(code);
    expect(asked).toEqual([list, create, get, remove]);
  });

  it.each<[string, Handler]>([
    ["refused", reply(404, { message: "No such image" })],
    ["refused without words", reply(500, "")],
    ["answered with nothing", reply(201, "")],
    ["answered without a name", reply(201, { Warnings: [] })],
    ["answered with another name", reply(201, { Id: "../../images" })],
    ["answered as if it were no making", reply(200, { Id: id })],
    ["answered with something else", reply(201, "[1]")],
  ])("is not asked for more when its making is %s", async (_what, handler) => {
    const { probe, asked } = await start({ create: handler });
    expect(["DOCKER_FAILED", "JSON_INVALID"]).toContain(await codeOf(() => probe()));
    expect(asked).toEqual([list, create]);
  });

  it("says what the daemon says of it", async () => {
    const { probe } = await start({ create: reply(409, { message: "Conflict" }) });
    expect((await failureOf(() => probe())).message).toContain("Conflict");
  });

  it.each<[string, Handler, boolean]>([
    ["fails", reply(500, { message: "device or resource busy" }), true],
    ["is cut off", (response) => response.destroy(), true],
    ["finds nothing", reply(404, { message: "No such container" }), false],
  ])("is noted where its removal %s", async (_what, handler, isNoted) => {
    const { probe } = await start({ remove: handler });
    const { notes, bytes } = await probe();
    expect(bytes).toBe(exported.length);
    expect(notes).toHaveLength(isNoted ? 1 : 0);
  });

  it("keeps the export's failure where its removal fails too", async () => {
    const { probe } = await start({
      export: reply(500, { message: "first" }),
      remove: reply(500, { message: "second" }),
    });
    expect((await failureOf(() => probe())).message).toContain("first");
  });

  it.each(["list", "create", "export", "remove"] as const)(
    "is removed when cancelled at its %s",
    async (step) => {
      const stop = new AbortController();
      const { probe, asked } = await start({
        [step]: (response: ServerResponse, body: string) => {
          stop.abort();
          setTimeout(() => obedient[step](response, body), 20);
        },
      });
      const outcome = probe({ signal: stop.signal });
      if (step === "remove") await outcome;
      else expect(await codeOf(() => outcome)).toBe("CANCELLED");
      expect(asked.includes(remove)).toBe(step !== "list");
      expect(asked.includes(create)).toBe(step !== "list");
    },
  );

  it("is removed when cancelled in the middle of its export", async () => {
    const stop = new AbortController();
    const { probe, asked } = await start({ export: endless(exported.subarray(0, 1024), Buffer.alloc(512)) });
    const outcome = codeOf(() => probe({ signal: stop.signal, onProgress: () => stop.abort() }));
    expect(await outcome).toBe("CANCELLED");
    expect(asked.at(-1)).toBe(remove);
  });
});

describe("what a killed process left", async () => {
  const dead = await endedProcess();
  const ours = {
    Id: other,
    Names: ["/daochain-probe-0123456789ab"],
    Labels: { "io.daochain.probe": `${hostname()}/${dead}` },
    State: "created",
    Command: never,
    Created: Math.floor(Date.now() / 1000),
  };
  const label = (value: unknown) => ({ Labels: { "io.daochain.probe": value } });

  async function removed(...containers: unknown[]): Promise<boolean> {
    const { probe, asked } = await start({ list: reply(200, containers) });
    await probe();
    return asked.includes(`DELETE /containers/${other}`);
  }

  it("is removed", async () => {
    expect(await removed(ours)).toBe(true);
    expect(await removed({ ...ours, Names: ["/other", ...ours.Names] })).toBe(true);
  });

  it("is removed after hours, whoever made it", async () => {
    const Created = ours.Created - 7 * 60 * 60;
    expect(await removed({ ...ours, ...label("elsewhere/1"), Created })).toBe(true);
    expect(await removed({ ...ours, ...label(`${hostname()}/${process.pid}`), Created })).toBe(true);
  });

  it.each<[string, object]>([
    ["runs", { State: "running" }],
    ["has run", { State: "exited" }],
    ["would start something", { Command: "/bin/sh" }],
    ["would start something with it", { Command: `${never} x` }],
    ["has a name of its own", { Names: ["/web"] }],
    ["has no name", { Names: null }],
    ["has no label", { Labels: null }],
    ["has the label in other letters", { Labels: { "IO.DAOCHAIN.PROBE": `${hostname()}/${dead}` } }],
    ["has a label of another kind", label(5)],
    ["is made by a process that lives", label(`${hostname()}/${process.pid}`)],
    ["is made on another machine", label(`elsewhere/${dead}`)],
    ["is made by nobody", label("x".repeat(5000))],
    ["is made by no process", label(`${hostname()}/0`)],
    ["is made by a group of processes", label(`${hostname()}/-1`)],
    ["is made by half a process", label(`${hostname()}/1e9999`)],
    ["has no age", { Created: null }],
    ["is named like a path", { Id: "../images" }],
    ["is nothing", { Id: undefined }],
  ])("is not what %s", async (_what, change) => {
    const { probe, asked } = await start({ list: reply(200, [{ ...ours, ...change }]) });
    await probe();
    expect(asked).toEqual([list, create, get, remove]);
  });

  it("is removed though other containers say odd things of themselves", async () => {
    expect(
      await removed(null, 5, [], { Names: 1 }, { ...ours, ...label({}) }, { ...ours, State: [] }, ours),
    ).toBe(true);
  });

  it("is left where the daemon does not say what there is", async () => {
    for (const answer of [reply(500, { message: "no" }), reply(200, {}), reply(200, "")]) {
      const { probe, asked } = await start({ list: answer });
      await probe();
      expect(asked).toEqual([list, create, get, remove]);
    }
  });

  it("does not keep an image from being looked at where it cannot be removed", async () => {
    const { probe } = await start({
      list: reply(200, [ours]),
      remove: (response) => response.destroy(),
    });
    expect((await probe()).bytes).toBe(exported.length);
  });
});

function breaksAfter(bytes: Buffer): Handler {
  return (response) => {
    // More is promised than comes.
    response.writeHead(200, { "content-length": bytes.length + 1 });
    response.write(bytes, () => response.destroy());
  };
}

/** Sends something, and then more and more until the other side has enough. */
function endless(first: Buffer, more: Buffer | ((index: number) => Buffer)): Handler {
  return async (response) => {
    const gone = once(response, "close");
    response.write(first);
    for (let index = 0; !response.destroyed; index++) {
      const isRoom = response.write(typeof more === "function" ? more(index) : more);
      const stop = new AbortController();
      if (!isRoom)
        await Promise.race([once(response, "drain", { signal: stop.signal }).catch(() => {}), gone]);
      stop.abort();
      if (index % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  };
}
