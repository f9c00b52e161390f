import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { type Verdict, writeOciLayout } from "../../../src/internal.ts";
import { CliHome, type CliResult, cliPath, runProcess } from "../../support/cli.ts";

const built = (name: string): string => fileURLToPath(new URL(`../../../dist/${name}`, import.meta.url));
const plugin = built("cli/docker-plugin.js");
const verifier = built("cli/containerd-verifier.js");

/** Hands stderr alone to what stands in the place of READER; stdout goes where it went before. */
const stderrTo = (reader: string): string =>
  `{ "$@" 2>&1 >&3 3>&- | ${reader}; exit \${PIPESTATUS[0]}; } 3>&1`;

/** Ways in which a shell lets a program have nobody who reads it: "true" is gone before Node has started, "head" after a few bytes. */
const ways = {
  "stdout closed": '"$@" >&-',
  "stdout full": '"$@" >/dev/full',
  "stdout without a reader": `"$@" | true; exit \${PIPESTATUS[0]}`,
  "stdout cut": `"$@" | head -c 10 >&2; exit \${PIPESTATUS[0]}`,
  "stderr closed": '"$@" 2>&-',
  "stderr full": '"$@" 2>/dev/full',
  "stderr without a reader": stderrTo("true"),
  "stderr cut": stderrTo("head -c 10 >&2"),
  "both full": '"$@" >/dev/full 2>&1',
  "both without a reader": `"$@" 2>&1 | true; exit \${PIPESTATUS[0]}`,
} as const;
type Way = keyof typeof ways;
const allWays = Object.keys(ways) as Way[];
const stdoutWays = allWays.filter((way) => way.startsWith("stdout"));

/** What each command ends with when everything is read, and where the larger part of what it prints goes. */
const commands: readonly (readonly [words: string, code: number])[] = [
  ["verify $signed", 0],
  ["verify $changed", 11],
  ["verify --json $unsigned", 10],
  ["verify --quiet --file $list", 11],
  ["verify --json --file $long", 10],
  ["verify $missing", 20],
  ["audit --file $list", 11],
  ["audit --json --file $long", 10],
  ["audit --sarif - --file $list", 11],
  ["diff $signed", 20],
  ["pull acme/nobody:1", 10],
  ["push 127.0.0.1:9/acme/nobody:1", 20],
  ["run acme/nobody:1", 20],
  ["run --help", 0],
  ["sign $missing", 20],
  ["approve $signed", 2],
  ["submit $list", 2],
  ["revoke $signed --reason flawed", 2],
  ["search", 0],
  ["images", 0],
  ["log", 0],
  ["status", 0],
  ["up", 0],
  ["org list", 0],
  ["account list", 0],
  ["policy explain --policy $policy elsewhere/api:1", 0],
  ["gate docker status", 20],
  ["gate docker install --unit-dir $missing", 2],
  ["gate containerd status", 20],
  ["gate kubernetes", 2],
  ["watch --webhook nonsense", 2],
  ["tui", 2],
  ["", 2],
  ["--help", 0],
  ["--version", 0],
  ["no-such-command", 2],
];

describe("whoever stops reading changes nothing", { retry: 0 }, () => {
  let home: CliHome;
  /** what stands in the place of $NAME in a command */
  let names: Readonly<Record<string, string>>;
  const image = (name: string): string => `oci:${home.path(name)}:1.0`;
  const build = (name: string, content = name) =>
    writeOciLayout({ directory: home.path(name), tag: "1.0", files: { content } });

  const words = (line: string): string[] =>
    line
      .split(" ")
      .filter((word) => word !== "")
      .map((word) => (word.startsWith("$") ? (names[word.slice(1)] ?? "") : word));
  const inWay = (way: Way, program: string, arguments_: readonly string[]): Promise<CliResult> =>
    runProcess("bash", ["-c", ways[way], "bash", process.execPath, program, ...arguments_], {
      env: home.env,
    });

  beforeAll(async () => {
    home = await CliHome.create();
    names = {
      signed: image("signed"),
      changed: image("changed"),
      unsigned: image("unsigned"),
      missing: image("missing"),
      list: home.path("list"),
      long: home.path("long"),
      policy: home.path("policy.yaml"),
    };
    const three = [image("signed"), image("changed"), image("unsigned")];
    await writeFile(home.path("list"), three.join("\n"));
    await writeFile(home.path("long"), [...Array(16).fill(image("signed")), image("unsigned")].join("\n"));
    for (const name of ["signed", "changed", "unsigned"]) await build(name);
    expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
    const long = ["--annotation", `long=${"x".repeat(6000)}`];
    expect((await home.run(["sign", image("signed"), image("changed"), ...long])).code).toBe(0);
    expect((await home.run(["policy", "init", home.path("policy.yaml")])).code).toBe(0);
    await build("changed", "other content");
  });
  afterAll(() => home?.[Symbol.asyncDispose]());

  /** Runs a program in every way: it ends as it does when it is read, and says nothing that it does not say then. */
  async function expectSameEnd(program: string, arguments_: readonly string[], code: number): Promise<void> {
    const read = await runProcess(process.execPath, [program, ...arguments_], { env: home.env });
    expect(read.code, read.stderr).toBe(code);
    const ends = await Promise.all(
      allWays.map(async (way) => [way, await inWay(way, program, arguments_)] as const),
    );
    expect(Object.fromEntries(ends.map(([way, end]) => [way, end.code]))).toEqual(
      Object.fromEntries(allWays.map((way) => [way, code])),
    );
    for (const [way, { stdout, stderr }] of ends) {
      expect(stdout + stderr, way).not.toMatch(/\n\s+at |unexpected error|unhandled/i);
      if (way.startsWith("stderr")) expect(stdout !== "", way).toBe(read.stdout !== "");
      const isTold = way === "stdout full" && read.stdout !== "" && program !== verifier;
      const told = /^daochain: Not everything could be written to stdout \(ENOSPC\)\.$/m;
      expect(told.test(stderr), `${way}: ${stderr}`).toBe(isTold);
    }
  }

  test.each(commands)("daochain %s ends with %i", (line, code) => expectSameEnd(cliPath, words(line), code));

  test("what goes beyond a pipe's buffer is there while it is read, and its end changes nothing", async () => {
    const script = `"$@" | head -c 100000 | wc -c >&2; exit \${PIPESTATUS[0]}`;
    const verify = [process.execPath, cliPath, "verify", "--json", "--file", home.path("long")];
    const { code, stderr } = await runProcess("bash", ["-c", script, "bash", ...verify], { env: home.env });
    expect({ code, read: stderr.trim() }).toEqual({ code: 10, read: "100000" });
  });

  test.each([
    ["docker-cli-plugin-metadata", 0],
    ["daochain verify $unsigned", 10],
    ["daochain verify $signed", 0],
    ["daochain --help", 0],
  ])("docker's plugin: %s ends with %i", (line, code) => expectSameEnd(plugin, words(line), code));

  test("containerd's verifier ends with its no", () =>
    expectSameEnd(
      verifier,
      ["--socket", home.path("none"), "-name", "a", "-digest", "b", "-stdin-media-type", "c"],
      1,
    ));

  test.each(stdoutWays)("%s: what is to be done is done: sign, revoke, down", async (way) => {
    const name = `done-${stdoutWays.indexOf(way)}`;
    const verify = async () => (await home.json<Verdict>(["verify", image(name)])).value.status;
    await build(name);
    expect(await inWay(way, cliPath, ["sign", image(name)])).toMatchObject({ code: 0 });
    expect(await verify()).toBe("verified");
    const revoking = ["revoke", image(name), "--reason", "flawed", "--yes"];
    expect(await inWay(way, cliPath, revoking)).toMatchObject({ code: 0 });
    expect(await verify()).toBe("revoked");

    expect(await inWay(way, cliPath, ["down"])).toMatchObject({ code: 0 });
    expect((await home.run(["status"])).code).toBe(20);
    expect(await inWay(way, cliPath, ["up"])).toMatchObject({ code: 0 });
    expect((await home.run(["status"])).code).toBe(0);
  });

  test("the demo tells its story to its end, and leaves nothing", async () => {
    const tell = async (way: Way) => {
      const directory = await mkdtemp(home.path("demo-"));
      const env = { ...home.env, TMPDIR: directory };
      const demo = [process.execPath, cliPath, "demo", "--no-docker"];
      const { code } = await runProcess("bash", ["-c", ways[way], "bash", ...demo], { env });
      return { code, left: readdirSync(directory) };
    };
    const ends = await Promise.all([tell("stdout cut"), tell("stdout full")]);
    expect(ends).toEqual(Array(2).fill({ code: 0, left: [] }));
  });

  test.each(["full", "gone"] as const)("a gate whose log on stderr is %s answers on", async (stderr) => {
    const socket = home.path(`gate-${stderr}.sock`);
    const gate = start(["gate", "containerd", "--socket", socket], "ignore", stderr);
    const digest = `sha256:${"a".repeat(64)}`;
    const mediaType = "application/vnd.oci.image.manifest.v1+json";
    const input = JSON.stringify({ mediaType, digest, size: 2 });
    const descriptor = "application/vnd.oci.descriptor.v1+json";
    const question = ["-name", "docker.io/acme/none:1", "-digest", digest, "-stdin-media-type", descriptor];
    const ask = async () =>
      (await runProcess(process.execPath, [verifier, "--socket", socket, ...question], { input })).stdout;
    await expect.poll(ask, { timeout: 60_000 }).toMatch(/^unsigned/);
    for (let i = 0; i < 3; i++) expect(await ask()).toMatch(/^unsigned/);
    expect(await end(gate)).toBe(0);
  });

  describe("watch, which has no end of its own", () => {
    const watching = ["watch", "--no-containers", "--json"];
    /** Records acts until a process has ended. */
    async function actUntil(ended: Promise<CliResult>): Promise<CliResult> {
      let isOver = false;
      const result = ended.finally(() => {
        isOver = true;
      });
      while (!isOver) await home.run(["sign", "--quiet", image("signed")]);
      return result;
    }

    test("ends with its reader, as if it had been stopped", async () => {
      const ended = inWay("stdout cut", cliPath, watching);
      const { code, stderr } = await actUntil(ended);
      expect(code).toBe(0);
      expect(stderr).toBe('{"time":"2');
    });

    test("ends with 20 where its lines are lost otherwise, and says why", async () => {
      const { code, stderr } = await actUntil(inWay("stdout full", cliPath, watching));
      expect(code).toBe(20);
      expect(stderr).toBe("daochain: Not everything could be written to stdout (ENOSPC).\n");
    });

    test("goes on for its hook where nobody reads its lines", async () => {
      const file = home.path("hook");
      const told = () => (existsSync(file) ? readFileSync(file, "utf8").trim().split("\n").length : 0);
      const hook = ["--hook-on", "all", "--exec", `cat >> '${file}'`];
      for (const stdout of ["gone", "full"] as const) {
        const child = start([...watching, ...hook, "--since", "0"], stdout, "ignore");
        await expect.poll(told, { timeout: 60_000 }).toBeGreaterThan(0);
        for (let i = 0; i < 3; i++) {
          const before = told();
          expect((await home.run(["sign", "--quiet", image("signed")])).code).toBe(0);
          await expect.poll(told, { timeout: 60_000 }).toBeGreaterThan(before);
        }
        expect(await end(child)).toBe(0);
        await rm(file);
      }
    });
  });

  /** Starts what has no end of its own, with its streams as they are named; "gone" is a reader that has gone. */
  function start(
    arguments_: readonly string[],
    ...streams: readonly ("ignore" | "full" | "gone")[]
  ): ChildProcess {
    const full = openSync("/dev/full", "w");
    const stdio = streams.map((name) => (name === "gone" ? "pipe" : name === "full" ? full : name));
    const child = spawn(process.execPath, [cliPath, ...arguments_], {
      env: home.env as NodeJS.ProcessEnv,
      stdio: ["ignore", ...stdio],
    });
    closeSync(full);
    for (const stream of [child.stdout, child.stderr]) stream?.destroy();
    onTestFinished(() => void child.kill("SIGKILL"));
    return child;
  }

  function end(child: ChildProcess): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    return child.exitCode === null ? ended : Promise.resolve(child.exitCode);
  }
});
