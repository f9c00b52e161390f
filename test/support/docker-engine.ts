import { type ChildProcess, execFileSync, spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** Docker Engines that tests may fill and break, of each image store at most one */
    engines: readonly TestEngine[];
  }
}

export const engineNames = ["classic", "containerd"] as const;

/** A Docker Engine of the tests' own. */
export interface TestEngine {
  /** the image store that it keeps images in */
  readonly name: (typeof engineNames)[number];
  /** its address, as DOCKER_HOST has it */
  readonly host: string;
  /** its data root, whose files tests may alter */
  readonly root: string;
}

/** An engine that one test has to itself. */
export interface OwnEngine extends TestEngine {
  /** of the daemon */
  readonly pid: number;
  /** what the daemon keeps outside its data root; it is seen under this path by the daemon too */
  readonly directory: string;
  /** Ends the daemon and starts it again; the modern one only starts once. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const modernEngine = fileURLToPath(new URL("../../scripts/modern-engine.sh", import.meta.url));

/**
 * Starts a Docker Engine of each image store: the machine's own dockerd with the classic one, a modern one (scripts/modern-engine.sh) with
 * containerd's. One that cannot be had is missing, unless DAOCHAIN_REQUIRE names it: `docker` the first, `containerd-store` the second.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const isRoot = process.getuid?.() === 0;
  const here = {
    classic: isRoot && onPath("dockerd"),
    containerd: isRoot && spawnSync(modernEngine, ["path"]).status === 0,
  };
  const required = (process.env["DAOCHAIN_REQUIRE"] ?? "").split(",");
  if (!here.classic && required.includes("docker")) {
    throw new Error("These tests require a Docker Engine: run them as root, with dockerd installed.");
  }
  if (!here.containerd && required.includes("containerd-store")) {
    throw new Error(
      "These tests require an engine with containerd's store: run scripts/modern-engine.sh make, and the tests as root.",
    );
  }
  const starts = engineNames.filter((name) => here[name]).map((name) => Engine.start(name));
  const started = await Promise.allSettled(starts);
  const engines = started.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
  const stop = async () => {
    await Promise.all(engines.map((engine) => engine.stop()));
  };
  const failed = started.find((start) => start.status === "rejected");
  if (failed !== undefined) {
    await stop();
    throw failed.reason;
  }
  project.provide(
    "engines",
    engines.map(({ name, host, root }) => ({ name, host, root })),
  );
  return stop;
}

interface EngineOptions {
  /** what keeps the files of unpacked layers, such as `vfs`; the engine's own choice unless told */
  readonly driver?: string;
  /** whether it sees the plugins of this machine: an engine asks all that it sees, and waits for those that do not answer */
  readonly seesPlugins?: boolean;
  /** whether it is the modern one, which has the classic store as well; that with containerd's always is */
  readonly isModern?: boolean;
}

/** Starts one more engine for a test's own purpose, to be stopped by it. */
export function startEngine(name: TestEngine["name"], options: EngineOptions = {}): Promise<OwnEngine> {
  return Engine.start(name, options);
}

/** A command whose engine sees no plugins but those in a directory. */
const withPlugins = (directory: string): readonly string[] => [
  ...["unshare", "--mount", "--propagation", "private", "sh", "-ec"],
  `mkdir -p /etc/docker /run/docker
  mount -t tmpfs none /etc/docker
  mount -t tmpfs none /run/docker
  mkdir /etc/docker/plugins
  mount --bind "$0" /etc/docker/plugins
  exec "$@"`,
  directory,
];

class Engine implements OwnEngine {
  readonly directory: string;
  #process: ChildProcess;
  readonly #command: readonly string[];
  readonly name: TestEngine["name"];
  readonly host: string;
  readonly root: string;

  private constructor(name: TestEngine["name"], options: EngineOptions) {
    const { driver, seesPlugins = false, isModern = name === "containerd" } = options;
    const directory = mkdtempSync(join(tmpdir(), "daochain-engine-"));
    const at = (file: string) => join(directory, file);
    const features = { "containerd-snapshotter": name === "containerd" };
    writeFileSync(at("daemon.json"), JSON.stringify({ features, "storage-driver": driver }));
    this.directory = directory;
    this.name = name;
    this.root = at("data");
    this.host = `unix://${at("docker.sock")}`;
    const dockerd = [
      ...(isModern ? [modernEngine, "run", directory] : seesPlugins ? [] : withPlugins(at("plugins"))),
      "dockerd",
      `--config-file=${at("daemon.json")}`,
      `--data-root=${this.root}`,
      `--exec-root=${at("exec")}`,
      `--pidfile=${at("docker.pid")}`,
      `--host=${this.host}`,
      "--bridge=none",
      "--iptables=false",
      "--ip6tables=false",
      "--insecure-registry=127.0.0.0/8",
    ];
    // An engine must not outlive a test run that was killed.
    this.#command = onPath("setpriv") ? ["setpriv", "--pdeathsig", "TERM", ...dockerd] : dockerd;
    mkdirSync(at("plugins"));
    this.#process = this.#spawn();
  }

  #spawn(): ChildProcess {
    const log = openSync(join(this.directory, "log"), "a");
    const [program = "", ...arguments_] = this.#command;
    const spawned = spawn(program, arguments_, { stdio: ["ignore", log, log] });
    closeSync(log);
    return spawned;
  }

  get pid(): number {
    return this.#process.pid ?? 0;
  }

  static async start(name: TestEngine["name"], options: EngineOptions = {}): Promise<Engine> {
    const engine = new Engine(name, options);
    await engine.#untilItAnswers();
    return engine;
  }

  async #untilItAnswers(): Promise<void> {
    let failure: Error | undefined;
    this.#process.once("error", (error) => {
      failure = error;
    });
    for (let tries = 0; tries < 600; tries++) {
      if (failure !== undefined || this.#process.exitCode !== null) break;
      if (await this.#answers()) return;
      await sleep(50);
    }
    const log = readFileSync(join(this.directory, "log"), "utf8").slice(-2000);
    await this.stop();
    throw new Error(`The ${this.name} engine did not start.\n${log}`, { cause: failure });
  }

  async restart(): Promise<void> {
    await this.#end();
    this.#process = this.#spawn();
    await this.#untilItAnswers();
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const call = request(
        { socketPath: join(this.directory, "docker.sock"), path: "/_ping", timeout: 1000 },
        (answer) => {
          answer.resume();
          resolve(answer.statusCode === 200);
        },
      );
      call.once("error", () => resolve(false));
      call.once("timeout", () => call.destroy());
      call.end();
    });
  }

  async #end(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = new Promise<void>((resolve) => this.#process.once("exit", () => resolve()));
      this.#process.kill("SIGTERM");
      const killing = setTimeout(() => this.#process.kill("SIGKILL"), 15_000);
      await exit;
      clearTimeout(killing);
    }
  }

  async stop(): Promise<void> {
    await this.#end();
    this.#stopContainerd();
    for (const mount of this.#mounts()) execFileSync("umount", ["--lazy", mount]);
    rmSync(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** dockerd stops its containerd, unless it was killed. */
  #stopContainerd(): void {
    try {
      const pid = Number(readFileSync(join(this.directory, "exec", "containerd", "containerd.pid"), "utf8"));
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.directory)) process.kill(pid, "SIGKILL");
    } catch {
      // It is gone, as it should be.
    }
  }

  #mounts(): string[] {
    return readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((path) => path.startsWith(`${this.directory}/`))
      .reverse();
  }
}

function onPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((directory) => existsSync(join(directory, name)));
}
