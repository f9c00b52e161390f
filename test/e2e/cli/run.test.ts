import { createHash } from "node:crypto";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Verdict } from "../../../src/internal.ts";
import { CliHome, cliPath, runProcess } from "../../support/cli.ts";
import { describeOnEngines } from "../../support/engines.ts";
import { serve } from "../../support/http-server.ts";
import { busybox, docker, makeRunnableImage } from "../../support/runnable-image.ts";
import { expectVerdict } from "../../support/verdict.ts";

const pluginPath = new URL("../../../dist/cli/docker-plugin.js", import.meta.url).pathname;

describe.skipIf(busybox === undefined)("run", () => {
  describeOnEngines("starts what is verified", ({ host }) => {
    const suffix = Math.random().toString(36).slice(2, 8);
    const image = `acme/box:${suffix}`;
    const unsigned = `acme/unsigned:${suffix}`;
    const label = `daochain-test=${suffix}`;
    const flags = ["--rm", "--network", "none", "--label", label];
    let home: CliHome;

    const run = (...arguments_: string[]) => home.run(["run", ...flags, ...arguments_]);
    const containers = () => docker(host, ["ps", "--all", "--quiet", "--filter", `label=${label}`]);

    beforeAll(async () => {
      home = await CliHome.create(host);
      makeRunnableImage(host, image, "signed");
      makeRunnableImage(host, unsigned, "never signed");
      expect((await home.run(["up", "--org", "acme"])).code).toBe(0);
      expect((await home.run(["sign", image])).code).toBe(0);
    });
    afterAll(async () => {
      for (const id of containers().split("\n").filter(Boolean)) docker(host, ["rm", "--force", id]);
      for (const name of [image, unsigned]) docker(host, ["image", "rm", "--force", name]);
      await home?.[Symbol.asyncDispose]();
    });

    test("the container's output and exit code are all there is, and its arguments may look like flags", async () => {
      const script = 'echo "$0 $*"; echo complaint >&2; exit 7';
      expect(await run(image, "sh", "-c", script, "-it", "--json", "--home", "-h", "--", "x")).toEqual({
        code: 7,
        signal: null,
        stdout: "-it --json --home -h -- x\n",
        stderr: "complaint\n",
      });
    });

    test.each([
      ["without a reader", `"$@" 2>&1 | true; exit \${PIPESTATUS[0]}`],
      ["full", '"$@" >/dev/full 2>&1'],
      ["closed", '"$@" >&- 2>&-'],
    ])("where stdout and stderr are %s, the exit codes are the same", async (_name, shell) => {
      const end = async (name: string) => {
        const command = [process.execPath, cliPath, "run", ...flags, name, "sh", "-c", "exit 7"];
        return (await runProcess("bash", ["-c", shell, "bash", ...command], { env: home.env })).code;
      };
      expect([await end(unsigned), await end(image)]).toEqual([10, 7]);
      expect(containers()).toBe("");
    });

    test("docker run's own failures keep their codes", async () => {
      expect((await run(image, "/no/such/program")).code).toBe(127);
      expect((await run(image, "/about")).code).toBe(126);
      expect((await run("--memory=nonsense", image, "true")).code).toBe(125);
      expect((await run("--rather-new=1", image, "true")).code).toBe(125);
    });

    test("flags of every shape reach docker", async () => {
      await writeFile(home.path("env"), "FROM_FILE=e\n");
      const script = "echo $A $B $C $FROM_FILE $(hostname) $([ -d /data ] && echo mounted); pwd";
      const { code, stdout, stderr } = await run(
        ...["-e", "A=a", "-eB=b", "--env=C=c", "--env-file", home.path("env"), "-h", "chosen", "-w=/bin"],
        ...["-v/data", "--read-only", "--name", `named-${suffix}`, "-i=false", "--"],
        ...[image, "sh", "-c", script],
      );
      expect({ code, stdout, stderr }).toEqual({
        code: 0,
        stdout: "a b c e chosen mounted\n/bin\n",
        stderr: "",
      });
    });

    test("stdin reaches the container", async () => {
      const { stdout } = await home.run(["run", ...flags, "-i", image, "cat"], { input: "through\n" });
      expect(stdout).toBe("through\n");
    });

    test("a terminal is the container's", async () => {
      const { code, stdout } = await home.terminal(
        ["run", ...flags, "-it", image, "sh"],
        [
          ["# ", "echo on $(tty), $((6 * 7))"],
          ["# ", "exit 3"],
        ],
      );
      expect(stdout).toMatch(/on \/dev\/(pts\/0|console), 42/);
      expect(code).toBe(3);
    });

    test.each(["SIGTERM", "SIGINT", "SIGHUP", "SIGQUIT"] as const)(
      "%s reaches the container",
      async (signal) => {
        const name = signal.slice(3);
        const script = `trap 'echo got ${name}; exit 5' ${name}; echo ready; while :; do sleep 0.1; done`;
        const { code, stdout } = await home.run(["run", ...flags, image, "sh", "-c", script], {
          interrupt: { signal, after: "ready" },
        });
        expect({ code, stdout }).toEqual({ code: 5, stdout: `ready\ngot ${name}\n` });
      },
    );

    test("what runs is the image that was verified, by its ID", async () => {
      const { code, stdout } = await home.run([
        "run",
        "--detach",
        "--network=none",
        "--label",
        label,
        image,
        "sleep",
        "60",
      ]);
      expect(code).toBe(0);
      const id = stdout.trim();
      const { value } = await home.json<Verdict>(["verify", "--depth", "id", image]);
      const of = (what: string) => docker(host, ["inspect", "--format", what, id]);
      expect(of("{{.Config.Image}}")).toBe(docker(host, ["image", "inspect", "--format", "{{.Id}}", image]));
      expect(value.subjects.map(({ digest }) => digest)).toContain(of("{{.Config.Image}}"));
      docker(host, ["rm", "--force", id]);
    });

    test("what is not verified is not started, and the exit code says why", async () => {
      const refused = await run(unsigned, "echo", "started");
      expect(refused).toMatchObject({ code: 10, stdout: "" });
      expect(refused.stderr).toContain("It was not started.");
      const quiet = await home.run(["--quiet", "run", ...flags, unsigned, "echo", "started"]);
      expect(quiet).toMatchObject({ code: 10, stdout: "", stderr: `unsigned ${unsigned}\n` });
      const asJson = await home.run(["run", "--json", ...flags, unsigned, "echo", "started"]);
      expect(asJson.code).toBe(10);
      expectVerdict(JSON.parse(asJson.stdout), "unsigned");
      expect((await run("--org", "nobody", image, "echo", "started")).code).toBe(2);
      expect(containers()).toBe("");
    });

    test("--timeout is for the check, not for the container", async () => {
      const silent = await serve(() => {});
      const late = await home.run(["run", "--timeout", "2s", ...flags, image, "true"], {
        env: { DAOCHAIN_RPC_URL: silent },
      });
      expect(late.code).toBe(20);
      expect(late.stderr).toContain("--timeout 2s");
      expect(late.stderr).toContain("It was not started.");
      const long = ["sh", "-c", "sleep 12; echo awake"];
      const { code, stdout } = await home.run(["--timeout", "10s", "run", ...flags, image, ...long]);
      expect({ code, stdout }).toEqual({ code: 0, stdout: "awake\n" });
    });

    test("nothing is pulled", async () => {
      const missing = await run(`acme/missing:${suffix}`, "true");
      expect(missing).toMatchObject({ code: 20, stdout: "" });
      expect(missing.stderr).toContain(`daochain pull acme/missing:${suffix}`);
      expect((await run("--pull=always", image, "true")).code).toBe(2);
      expect((await run("--pull", "missing", image, "true")).code).toBe(0);
    });

    test("what cannot be told apart, or is nothing to start, is wrong usage", async () => {
      expect((await run("--unheard-of", "x", image)).code).toBe(2);
      expect((await run()).code).toBe(2);
      expect((await home.run(["run"])).code).toBe(2);
      expect((await run("oci:somewhere")).code).toBe(2);
      expect((await run("--depth", "deepest", image)).code).toBe(2);
      const help = await run("--help", image);
      expect(help.code).toBe(0);
      expect(help.stdout).toContain("docker run flags");
    });

    test("without a docker command nothing can be started, and it says so", async () => {
      const { code, stderr } = await home.run(["run", image], { env: { PATH: home.path("empty") } });
      expect(code).toBe(2);
      expect(stderr).toContain("docker-cli");
    });

    test("a Docker context names the daemon for the check and for the start", async () => {
      await useContext(home, "far", host);
      const env = { DOCKER_HOST: undefined, DOCKER_CONTEXT: "far" };
      const { code, stdout } = await home.run(["run", ...flags, image, "echo", "there"], { env });
      expect({ code, stdout }).toEqual({ code: 0, stdout: "there\n" });
    });

    describe("as docker's plugin", () => {
      const plugin = (arguments_: readonly string[], options: Parameters<typeof runProcess>[2] = {}) =>
        runProcess("docker", arguments_, {
          ...options,
          env: { ...home.env, DOCKER_HOST: undefined, ...options.env },
        });

      beforeAll(async () => {
        await useContext(home, "far", host);
        await mkdir(home.path(".docker", "cli-plugins"), { recursive: true });
        const file = home.path(".docker", "cli-plugins", "docker-daochain");
        await writeFile(file, `#!/bin/sh\nexec '${process.execPath}' '${pluginPath}' "$@"\n`);
        await chmod(file, 0o755);
      });

      test("docker lists it and shows its help", async () => {
        expect((await plugin(["--help"])).stdout).toMatch(/daochain\*? .*before they run/);
        expect((await plugin(["daochain", "verify", "--help"])).stdout).toContain(
          "docker daochain verify --json",
        );
        expect((await plugin(["help", "daochain"])).stdout).toContain("docker daochain up");
      });

      test("docker's own flags name the daemon", async () => {
        for (const flag of [
          ["--host", host],
          ["--context", "far"],
        ]) {
          const verified = await plugin([...flag, "daochain", "verify", "--quiet", image]);
          expect(verified).toMatchObject({ code: 0, stdout: `verified ${image}\n` });
          const ran = await plugin([
            ...flag,
            "daochain",
            "run",
            ...flags,
            image,
            "sh",
            "-c",
            "echo ran; exit 4",
          ]);
          expect(ran).toMatchObject({ code: 4, stdout: "ran\n" });
        }
        const env = { DOCKER_HOST: "unix:///nonexistent" };
        expect((await plugin(["--context", "far", "daochain", "verify", image], { env })).code).toBe(0);
        expect((await plugin(["-H", "unix:///nonexistent", "daochain", "run", image])).code).toBe(20);
        expect((await plugin(["--tls", "-H", host, "daochain", "verify", image])).code).not.toBe(0);
      });

      test("a terminal is the container's", async () => {
        const command = ["docker", "--host", host, "daochain", "run", ...flags, "-it", image, "sh"].join(" ");
        let answered = false;
        const { code, stdout } = await runProcess(
          "script",
          ["--quiet", "--return", "--echo", "always", "--command", command, "/dev/null"],
          {
            env: { ...home.env, TERM: "xterm" },
            onOutput: (all, type) => {
              if (!answered && all.includes("# ")) {
                answered = true;
                type("echo $((6 * 7)); exit 6\r");
              }
              return all;
            },
          },
        );
        expect(stdout).toContain("42");
        expect(code).toBe(6);
      });

      // Since 25.0 docker tells its plugins when it is told to end (docker/cli, cli-plugins/socket).
      test.skipIf(clientMajor() < 25)("what ends docker ends the container", async () => {
        const script = "trap 'echo got TERM; exit 5' TERM; echo ready; while :; do sleep 0.1; done";
        const { code, stdout } = await plugin(
          ["--host", host, "daochain", "run", ...flags, image, "sh", "-c", script],
          { interrupt: { signal: "SIGTERM", after: "ready" } },
        );
        expect({ code, stdout }).toEqual({ code: 5, stdout: "ready\ngot TERM\n" });
      });
    });
  });
});

/** Makes a Docker context, as `docker context create` does. */
async function useContext(home: CliHome, name: string, dockerHost: string): Promise<void> {
  const id = createHash("sha256").update(name).digest("hex");
  const directory = home.path(".docker", "contexts", "meta", id);
  await mkdir(directory, { recursive: true });
  const meta = {
    Name: name,
    Metadata: {},
    Endpoints: { docker: { Host: dockerHost, SkipTLSVerify: false } },
  };
  await writeFile(`${directory}/meta.json`, JSON.stringify(meta));
}

function clientMajor(): number {
  try {
    return Number.parseInt(docker("unix:///nonexistent", ["--version"]).replace(/^\D*/, ""), 10);
  } catch {
    return 0;
  }
}
