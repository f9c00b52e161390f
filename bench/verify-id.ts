/**
 * The quickest question, as a whole process: `daochain verify --depth id IMAGE` beside `docker image inspect IMAGE`, in turn, on the same
 * engine and image, with an embedded chain and a signed claim. `node -e 0` is the limit that no command of ours can pass. The engine is
 * the one that DOCKER_HOST names, else one of our own (as root, with dockerd installed).
 *
 *     node bench/verify-id.ts [RUNS]     (npm run build first)
 */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { buildTinyImage, pingDocker, removeImage } from "../src/internal.ts";

const runs = Number(process.argv[2] ?? 31);
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const image = `daochain-bench/verify-id:${process.pid}`;
const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));

/** Starts an engine that ends with this process, and waits until it answers. */
async function startEngine(): Promise<{ host: string; process: ChildProcess }> {
  const at = (name: string): string => join(directory, name);
  const host = `unix://${at("docker.sock")}`;
  await writeFile(at("daemon.json"), "{}");
  const engine = spawn(
    "dockerd",
    [
      `--config-file=${at("daemon.json")}`,
      `--data-root=${at("data")}`,
      `--exec-root=${at("exec")}`,
      `--pidfile=${at("docker.pid")}`,
      `--host=${host}`,
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
    ],
    { stdio: "ignore" },
  );
  let failure: unknown;
  engine.once("error", (error) => {
    failure = error;
  });
  for (let tries = 0; tries < 300 && failure === undefined && engine.exitCode === null; tries++) {
    try {
      await pingDocker({ host });
      return { host, process: engine };
    } catch {
      await sleep(100);
    }
  }
  throw new Error("dockerd did not start; set DOCKER_HOST to use an engine that runs", { cause: failure });
}

async function stop(engine: ChildProcess): Promise<void> {
  const ended = new Promise((resolve) => engine.once("exit", resolve));
  engine.kill("SIGTERM");
  await ended;
}

const given = process.env["DOCKER_HOST"];
const engine = given ? undefined : await startEngine();
const docker = { host: given || engine?.host };
const env = {
  PATH: process.env["PATH"],
  // The compile cache lives in the home: it is warm, as a user's is from the second command on.
  HOME: directory,
  DAOCHAIN_HOME: join(directory, "home"),
  DOCKER_HOST: docker.host,
};

/** Milliseconds of one whole process. */
function time(program: string, arguments_: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status, stderr } = spawnSync(program, arguments_, { env, stdio: ["ignore", "ignore", "pipe"] });
  const taken = Number(process.hrtime.bigint() - start) / 1e6;
  if (status !== 0) throw new Error(`${program} ${arguments_.join(" ")} ended with ${status}\n${stderr}`);
  return taken;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const commands = {
  "docker image inspect": ["docker", ["image", "inspect", image]],
  "daochain verify --depth id": [process.execPath, [cli, "verify", "--depth", "id", image]],
  "node -e 0": [process.execPath, ["-e", "0"]],
} as const;

try {
  await buildTinyImage({ name: image, files: { "app/hello": "hello\n" }, docker });
  time(process.execPath, [cli, "up"]);
  time(process.execPath, [cli, "sign", image]);

  const times = new Map<string, number[]>();
  for (let run = 0; run <= runs; run++) {
    for (const [name, [program, arguments_]] of Object.entries(commands)) {
      const taken = time(program, arguments_);
      // The first round only warms the caches.
      if (run > 0) times.set(name, [...(times.get(name) ?? []), taken]);
    }
  }
  const { version, store } = await pingDocker(docker);
  const baseline = median(times.get("docker image inspect") ?? []);
  console.log(`median of ${runs} runs, Node ${process.version}, engine ${version} (${store} store)`);
  for (const [name, values] of times) {
    const own = median(values);
    console.log(
      `${name.padEnd(28)} ${own.toFixed(1).padStart(7)} ms   ${(own / baseline).toFixed(2)} times docker image inspect`,
    );
  }
} finally {
  spawnSync(process.execPath, [cli, "down", "--quiet"], { env, stdio: "ignore" });
  await removeImage(image, { docker }).catch(() => {});
  if (engine !== undefined) await stop(engine.process);
  await rm(directory, { recursive: true, force: true });
}
