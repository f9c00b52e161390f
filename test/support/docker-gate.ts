import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { DockerGateStart } from "../../src/gates/docker/serve.ts";
import type { Home } from "../../src/home.ts";
import { readNetworkProfile } from "../../src/network/profile.ts";
import { defaultPolicy, type Policy } from "../../src/policy/policy.ts";
import { type OwnEngine, startEngine, type TestEngine } from "./docker-engine.ts";
import type { OwnChain } from "./own-chain.ts";

const program = fileURLToPath(new URL("docker-gate-process.ts", import.meta.url));

/** An answer of an engine's API. */
export interface EngineAnswer {
  readonly status: number;
  readonly text: string;
}

/** Sends one request to a unix socket. */
export function ask(
  socketPath: string,
  method: string,
  path: string,
  body?: string | Buffer | object,
  headers: Readonly<Record<string, string>> = {},
): Promise<EngineAnswer> {
  const bytes =
    body === undefined || typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const call = request(
      {
        socketPath,
        agent: false,
        method,
        path,
        headers: {
          ...(bytes === undefined
            ? {}
            : { "content-type": "application/json", "content-length": Buffer.byteLength(bytes) }),
          ...headers,
        },
      },
      (answer) => {
        let text = "";
        answer.setEncoding("utf8").on("data", (piece: string) => {
          text += piece;
        });
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text }));
        answer.on("error", reject);
      },
    );
    // An engine answers before it has read what is too large, and the rest cannot be written any more.
    call.on("error", (error) => setTimeout(() => reject(error), 500));
    call.end(bytes);
  });
}

/** What a gate is told, but for what cannot be passed on to another process. */
export interface GateOptions extends Omit<DockerGateStart, "connect" | "onTrouble" | "policy"> {
  /** one for everything, or a file's path */
  readonly policy: Policy | string;
}

/** An engine that asks a gate, which follows a chain. */
export class GatedEngine implements AsyncDisposable {
  readonly engine: OwnEngine;
  readonly #home: Home;
  readonly #spec: string;
  #options: GateOptions;
  #process: ChildProcess | undefined;

  private constructor(engine: OwnEngine, home: Home, options: GateOptions, spec: string) {
    this.engine = engine;
    this.#home = home;
    this.#options = options;
    this.#spec = spec;
  }

  static async start(name: TestEngine["name"], chain: OwnChain): Promise<GatedEngine> {
    const engine = await startEngine(name);
    const profile = await readNetworkProfile(chain.home);
    if (profile === undefined) throw new Error("The chain has no profile.");
    const options: GateOptions = {
      profile,
      index: join(engine.directory, "gate.sqlite"),
      socket: join(engine.directory, "gate.sock"),
      engine: engine.host,
      policy: { ...defaultPolicy, newest: true },
      depth: "id",
      allow: [],
      staleness: 60,
      log: join(engine.directory, "decisions.jsonl"),
    };
    // The daemon's own view of its files: a modern engine has others than this machine.
    const plugin = `daochain-test-${process.pid}-${name}`;
    const directory = `/proc/${engine.pid}/root/etc/docker/plugins`;
    mkdirSync(directory, { recursive: true });
    const spec = join(directory, `${plugin}.spec`);
    writeFileSync(spec, `unix://${options.socket}`);
    const gated = new GatedEngine(engine, chain.home, options, spec);
    await gated.serve();
    gated.#configure([plugin]);
    // The engine itself would say 404.
    while ((await gated.ask("POST", "/containers/nothing/start")).status !== 403) await sleep(20);
    return gated;
  }

  /** of the gate's process */
  get pid(): number {
    return this.#process?.pid ?? 0;
  }

  get socket(): string {
    return this.#options.socket;
  }

  /**
   * Serves the gate, with other options than before where some are given.
   * @param decides whether to wait until it does, rather than until it answers
   */
  async serve(options: Partial<GateOptions> = {}, decides = true): Promise<void> {
    await this.end("SIGTERM");
    this.#options = { ...this.#options, ...options };
    this.#process = spawn(process.execPath, [program, this.#home.directory, JSON.stringify(this.#options)], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    for (let tries = 0; tries < 1500; tries++) {
      const answer = await ask(this.socket, "GET", "/ready").catch(() => undefined);
      if (answer?.status === 200 || (answer !== undefined && !decides)) return;
      await sleep(20);
    }
  }

  /** Ends the gate's process. */
  async end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    await ended;
  }

  #configure(plugins: readonly string[]): void {
    const file = join(this.engine.directory, "daemon.json");
    const before = JSON.parse(readFileSync(file, "utf8"));
    writeFileSync(file, JSON.stringify({ ...before, "authorization-plugins": plugins }));
    process.kill(this.engine.pid, "SIGHUP");
  }

  ask(
    method: string,
    path: string,
    body?: string | Buffer | object,
    headers?: Readonly<Record<string, string>>,
  ): Promise<EngineAnswer> {
    return ask(this.engine.host.slice("unix://".length), method, path, body, headers);
  }

  /** The decisions so far. */
  decisions(): Record<string, unknown>[] {
    const text = readFileSync(this.#options.log ?? "", { encoding: "utf8", flag: "a+" });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#spec, { force: true });
    await this.engine.stop();
    await this.end("SIGKILL");
  }
}
