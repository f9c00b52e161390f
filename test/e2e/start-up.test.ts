import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CliHome, cliPath, runProcess } from "../support/cli.ts";
import { root } from "../support/imports.ts";

describe("what a command loads of Node and of packages", () => {
  let home: CliHome;
  beforeAll(async () => {
    home = await CliHome.create();
  });
  afterAll(() => home[Symbol.asyncDispose]());

  /** Node's own modules that were loaded by the end of a command. */
  async function loadedBy(...arguments_: string[]): Promise<{ code: number | null; modules: string[] }> {
    const listing = `process.on("exit", () => process.stderr.write("\\nloaded " + JSON.stringify(process.moduleLoadList)));`;
    const { code, stderr } = await runProcess(
      process.execPath,
      ["--import", `data:text/javascript,${encodeURIComponent(listing)}`, cliPath, ...arguments_],
      {
        env: {
          PATH: process.env["PATH"],
          HOME: home.directory,
          DAOCHAIN_HOME: home.path("home"),
          DOCKER_HOST: `unix://${home.path("no-engine.sock")}`,
        },
      },
    );
    const list: string[] = JSON.parse(/\nloaded (.*)$/.exec(stderr)?.[1] ?? "[]");
    return { code, modules: list.map((entry) => entry.replace(/^NativeModule /, "")) };
  }

  test("verifying over plain HTTP loads neither undici nor TLS nor SQLite, and starts no process", async () => {
    const { code, modules } = await loadedBy("verify", "--depth", "id", "docker-daemon:acme/api:1");
    expect(code).toBe(20);
    expect(modules).toContain("http");
    for (const name of ["internal/deps/undici/undici", "tls", "https", "sqlite", "child_process"]) {
      expect(modules).not.toContain(name);
    }
  });

  test("help asks nobody, so it loads no HTTP", async () => {
    const { code, modules } = await loadedBy("--help");
    expect(code).toBe(0);
    expect(modules).not.toContain("http");
  });

  test("what every command loads is ASCII, which Node reads as one byte a character", () => {
    const dist = join(root, "dist");
    const needed = readdirSync(dist).filter((name) => /^(?:base|execute|start)-/.test(name));
    expect(needed.length).toBeGreaterThan(2);
    for (const name of needed)
      expect(readFileSync(join(dist, name), "latin1"), name).not.toMatch(/[^\x00-\x7f]/);
  });

  test("what draws the image browser is loaded by it alone, as those who use it have it", () => {
    const dist = join(root, "dist");
    const drawing = readdirSync(dist).filter((name) => /createReconciler|yoga/i.test(read(name)));
    expect(drawing.map((name) => name.replace(/-.{8}\.js$/, ""))).toEqual(["browse"]);
    const [chunk = ""] = drawing;
    // Named where it is loaded when it is needed, and nowhere else.
    const loading = readdirSync(dist).filter((name) => name.endsWith(".js") && read(name).includes(chunk));
    for (const name of loading) expect(read(name).includes(`from "./${chunk}"`)).toBe(false);
    // What React says to those who develop with it.
    expect(read(chunk).includes("Each child in a list should have")).toBe(false);

    function read(name: string): string {
      return name.endsWith(".js") ? readFileSync(join(dist, name), "utf8") : "";
    }
  });

  test("the licences of what was bundled lie beside it", () => {
    const notices = readFileSync(join(root, "dist", "THIRD-PARTY-LICENCES.txt"), "utf8");
    for (const name of ["commander", "docker-modem", "dockerode", "ethers", "ink", "modern-tar", "react"]) {
      expect(notices).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+, (?:MIT|Apache-2\\.0)`, "m"));
    }
    for (const name of ["ssh2", "protobufjs"]) expect(notices).not.toMatch(new RegExp(`^${name} `, "m"));
  });
});
