import { createHash } from "node:crypto";
import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CliHome, type CliOptions } from "../../support/cli.ts";

interface Check {
  readonly check: string;
  readonly status: "ok" | "finding" | "unknown";
  readonly message: string;
  readonly command: string | null;
}

/** What doctor says of one thing, and its exit code. */
async function doctor(home: CliHome, arguments_: readonly string[] = [], options: CliOptions = {}) {
  const { code, value } = await home.json<{ healthy: boolean; checks: Check[] }>(
    ["doctor", ...arguments_],
    options,
  );
  expect(code).toBe(value.healthy ? 0 : 20);
  return {
    code,
    checks: value.checks,
    about: (name: string) => value.checks.filter(({ check }) => check === name),
  };
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

/** Names, modes, times and contents of a home's files. */
async function fingerprint(directory: string): Promise<string> {
  const hash = createHash("sha256");
  for (const name of (await readdir(directory, { recursive: true })).sort()) {
    const path = join(directory, name);
    const { mode, mtimeMs, ctimeMs } = await stat(path);
    hash.update(`${name} ${mode} ${mtimeMs} ${ctimeMs}\n`);
  }
  return hash.digest("hex");
}

describe("doctor, with nothing there", () => {
  test("names what is missing and what makes it, and makes nothing", async () => {
    await using home = await CliHome.create();
    const { code, about } = await doctor(home);
    expect(code).toBe(20);
    for (const name of ["home", "chain", "keys"]) {
      expect(about(name)).toMatchObject([{ status: "finding", command: "daochain up" }]);
    }
    expect(about("engine")).toMatchObject([{ status: "finding" }]);
    expect(about("clock")).toMatchObject([{ status: "unknown" }]);
    for (const name of ["versions", "disk", "permissions", "policy", "index"]) {
      expect(about(name)).toMatchObject([{ status: "ok", command: null }]);
    }
    await expect(stat(home.path("home"))).rejects.toThrow("ENOENT");
  });

  test("says nothing of an engine that nobody has asked for", async () => {
    await using home = await CliHome.create();
    const { about } = await doctor(home, [], {
      env: { DOCKER_HOST: undefined, DOCKER_CONTEXT: undefined, PATH: "/nowhere" },
    });
    const [{ status, message } = { status: "", message: "" }] = about("engine");
    // This machine may run one.
    if (status === "ok") expect(message).toMatch(/^(?:There is no Docker Engine here|Docker \S+ at)/);
    else expect(await stat("/var/run/docker.sock").then(() => true)).toBe(true);
  });
});

describe("doctor, in a home with a chain", () => {
  let home: CliHome;
  const inHome = (...names: string[]): string => home.path("home", ...names);

  beforeAll(async () => {
    home = await CliHome.create();
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    expect((await home.run(["search"])).code).toBe(0);
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  test("finds everything but the engine in order, and changes nothing", async () => {
    const before = await fingerprint(home.path("home"));
    const { checks, about } = await doctor(home);
    expect(checks.filter(({ status }) => status !== "ok").map(({ check }) => check)).toEqual(["engine"]);
    expect(about("index")[0]?.message).toBe("at block 2");
    const text = await home.run(["doctor"]);
    expect(text.stdout).toMatch(/^engine +wrong +The Docker/m);
    const chinese = await home.run(["doctor", "--lang", "zh"]);
    expect(chinese.stdout).toMatch(/^时钟 +正常 /m);
    expect(chinese.code).toBe(20);
    expect(await fingerprint(home.path("home"))).toBe(before);
  });

  test("finds keys that others can read, and what others can change, and its commands mend it", async () => {
    await chmod(inHome("passwords", "default"), 0o644);
    await chmod(inHome("accounts"), 0o755);
    await chmod(inHome(), 0o777);
    const { about } = await doctor(home);
    const found = about("permissions");
    expect(found.map(({ status }) => status)).toEqual(["finding", "finding", "finding"]);
    expect(found.map(({ command }) => command?.split(" ")[1])).toEqual(["go-w", "700", "600"]);
    const { spawnSync } = await import("node:child_process");
    for (const { command } of found) expect(spawnSync("sh", ["-c", command ?? "false"]).status).toBe(0);
    expect((await doctor(home)).about("permissions")).toMatchObject([{ status: "ok" }]);
  });

  test("finds policies that cannot be used, and organisations that do not exist", async () => {
    const file = home.path("my policy.json");
    const write = (organisation: string, level = "strict") =>
      writeFile(
        file,
        JSON.stringify({
          version: "1.0",
          trustPolicies: [
            {
              name: "all",
              registryScopes: ["*"],
              signatureVerification: { level },
              organisations: { any: [organisation] },
            },
          ],
        }),
      );
    const policy = async () => (await doctor(home, ["--policy", file])).about("policy");
    expect(await policy()).toMatchObject([{ status: "finding", command: `daochain policy init '${file}'` }]);
    await write("acme");
    expect(await policy()).toMatchObject([{ status: "ok" }]);
    await write("nobody");
    expect(await policy()).toMatchObject([{ status: "finding", message: expect.stringContaining("nobody") }]);
    await write("acme", "lax");
    expect(await policy()).toMatchObject([{ status: "finding", command: `daochain policy check '${file}'` }]);
  });

  test("finds a clock that is behind the chain's", async () => {
    const { value } = await home.json<{ chain: { url: string } }>(["status"]);
    let ahead = 0;
    const proxy = createHttpServer(async (request, response) => {
      const pieces: Buffer[] = [];
      for await (const piece of request) pieces.push(piece);
      const answer = await fetch(value.chain.url, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: Buffer.concat(pieces),
      });
      const now = Math.floor(Date.now() / 1000) + ahead;
      const text = (await answer.text()).replace(
        /"timestamp":"0x[0-9a-f]+"/g,
        `"timestamp":"0x${now.toString(16)}"`,
      );
      response.writeHead(200, { "content-type": "application/json" }).end(text);
    });
    const env = { DAOCHAIN_RPC_URL: `http://127.0.0.1:${await listen(proxy)}` };
    try {
      ahead = 30;
      expect((await doctor(home, [], { env })).about("clock")).toMatchObject([{ status: "ok" }]);
      ahead = 300;
      expect((await doctor(home, [], { env })).about("clock")).toMatchObject([
        { status: "finding", message: expect.stringContaining("Check this machine's clock") },
      ]);
    } finally {
      proxy.close();
    }
  });

  test("waits a few seconds at most for what does not answer", async () => {
    const silent = createServer(() => {});
    const port = await listen(silent);
    try {
      const begin = performance.now();
      const env = { DOCKER_HOST: `tcp://127.0.0.1:${port}`, DAOCHAIN_RPC_URL: `http://127.0.0.1:${port}` };
      const { about } = await doctor(home, [], { env });
      expect(performance.now() - begin).toBeLessThan(15_000);
      for (const name of ["engine", "chain", "clock"]) {
        expect(about(name)).toMatchObject([
          { status: "unknown", message: "There was no answer within 4 seconds." },
        ]);
      }
    } finally {
      silent.close();
    }
  });

  test("finds an index that cannot be read, a keystore that is none, a chain that has stopped, and says how to mend each", async () => {
    await writeFile(inHome("catalogue.sqlite"), "not SQLite's".repeat(1000));
    await rm(inHome("catalogue.sqlite-wal"), { force: true });
    await writeFile(inHome("accounts", "default.json"), "{");
    await mkdir(inHome(".daochain-restore-abc"));
    expect((await home.run(["down"])).code).toBe(0);
    const { about } = await doctor(home);
    expect(about("index")).toMatchObject([
      { status: "finding", command: `rm ${inHome("catalogue.sqlite")}` },
    ]);
    expect(about("keys")).toMatchObject([{ status: "finding" }]);
    expect(about("chain")).toMatchObject([{ status: "finding", command: "daochain up" }]);
    expect(about("home")).toMatchObject([{ status: "ok" }, { status: "finding" }]);
    await writeFile(inHome("network.json"), "{");
    expect((await doctor(home)).about("chain")[0]?.status).not.toBe("ok");
    expect(await readFile(inHome("network.json"), "utf8")).toBe("{");
  });
});
