import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  interface ProvidedContext {
    /** address of a Docker daemon that tests may fill and break; undefined where there is none */
    dockerHost: string | undefined;
    /** the data root of an engine of our own, whose files tests may alter; undefined for an engine that was given */
    dockerRoot: string | undefined;
  }
}

/** Gives tests a Docker Engine: the one that DAOCHAIN_TEST_DOCKER_HOST names, else one of our own, else none. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const given = process.env["DAOCHAIN_TEST_DOCKER_HOST"];
  if (given) {
    project.provide("dockerHost", given);
    return undefined;
  }
  if (process.getuid?.() === 0 && onPath("dockerd")) {
    const engine = await Engine.start();
    project.provide("dockerHost", engine.host);
    project.provide("dockerRoot", engine.root);
    return () => engine.stop();
  }
  if ((process.env["DAOCHAIN_REQUIRE"] ?? "").split(",").includes("docker")) {
    throw new Error(
      "These tests require a Docker Engine: run as root with dockerd installed, or set DAOCHAIN_TEST_DOCKER_HOST.",
    );
  }
  return undefined;
}

class Engine {
  readonly #directory: string;
  readonly #process: ChildProcess;
  readonly host: string;
  readonly root: string;

  private constructor() {
    const directory = mkdtempSync(join(tmpdir(), "daochain-engine-"));
    const at = (name: string) => join(directory, name);
    writeFileSync(at("daemon.json"), "{}");
    this.#directory = directory;
    this.root = at("data");
    this.host = `unix://${at("docker.sock")}`;
    const dockerd = [
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
    const command = onPath("setpriv") ? ["setpriv", "--pdeathsig", "TERM", ...dockerd] : dockerd;
    const log = openSync(at("log"), "a");
    this.#process = spawn(command[0] ?? "", command.slice(1), { stdio: ["ignore", log, log] });
    closeSync(log);
  }

  static async start(): Promise<Engine> {
    const engine = new Engine();
    let failure: Error | undefined;
    engine.#process.once("error", (error) => {
      failure = error;
    });
    for (let tries = 0; tries < 600; tries++) {
      if (failure !== undefined || engine.#process.exitCode !== null) break;
      if (await engine.#answers()) return engine;
      await sleep(50);
    }
    const log = readFileSync(join(engine.#directory, "log"), "utf8").slice(-2000);
    await engine.stop();
    throw new Error(`dockerd did not start.\n${log}`, { cause: failure });
  }

  #answers(): Promise<boolean> {
    return new Promise((resolve) => {
      const call = request(
        { socketPath: join(this.#directory, "docker.sock"), path: "/_ping", timeout: 1000 },
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

  async stop(): Promise<void> {
    const { exitCode, signalCode, pid } = this.#process;
    if (pid !== undefined && exitCode === null && signalCode === null) {
      const exit = new Promise<void>((resolve) => this.#process.once("exit", () => resolve()));
      this.#process.kill("SIGTERM");
      const killing = setTimeout(() => this.#process.kill("SIGKILL"), 15_000);
      await exit;
      clearTimeout(killing);
    }
    this.#stopContainerd();
    for (const mount of this.#mounts()) execFileSync("umount", ["--lazy", mount]);
    rmSync(this.#directory, { recursive: true, force: true, maxRetries: 5 });
  }

  /** dockerd stops its containerd, unless it was killed. */
  #stopContainerd(): void {
    try {
      const pid = Number(readFileSync(join(this.#directory, "exec", "containerd", "containerd.pid"), "utf8"));
      if (readFileSync(`/proc/${pid}/cmdline`, "utf8").includes(this.#directory))
        process.kill(pid, "SIGKILL");
    } catch {
      // It is gone, as it should be.
    }
  }

  #mounts(): string[] {
    return readFileSync("/proc/self/mounts", "utf8")
      .split("\n")
      .map((line) => line.split(" ")[1] ?? "")
      .filter((path) => path.startsWith(`${this.#directory}/`))
      .reverse();
  }
}

function onPath(name: string): boolean {
  return (process.env["PATH"] ?? "").split(delimiter).some((directory) => existsSync(join(directory, name)));
}
