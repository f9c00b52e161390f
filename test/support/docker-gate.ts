import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../src/chain/network.ts";
import {
  type DockerGateStart,
  type ServedGate,
  serveDockerGate,
} from "../../src/enforcement/docker/serve.ts";
import type { Home } from "../../src/home.ts";
import { defaultPolicy } from "../../src/policy/policy.ts";
import { type OwnEngine, startEngine, type TestEngine } from "./docker-engine.ts";
import type { OwnChain } from "./own-chain.ts";

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
    call.on("error", reject);
    call.end(bytes);
  });
}

/** What a gate serves where a test does not say otherwise. */
export function gateStart(
  home: Home,
  directory: string,
  engine: string,
  profile: DockerGateStart["profile"],
): DockerGateStart {
  return {
    profile,
    connect: (signal) => connect(home, { signal }),
    index: join(directory, "gate.sqlite"),
    socket: join(directory, "gate.sock"),
    engine,
    policy: { ...defaultPolicy, newest: true },
    depth: "id",
    allow: [],
    staleness: 60,
    log: join(directory, "decisions.jsonl"),
  };
}

/** An engine that asks a gate, which follows a chain. */
export class GatedEngine implements AsyncDisposable {
  readonly engine: OwnEngine;
  readonly #spec: string;
  #start: DockerGateStart;
  gate: ServedGate | undefined;

  private constructor(engine: OwnEngine, start: DockerGateStart, spec: string) {
    this.engine = engine;
    this.#start = start;
    this.#spec = spec;
  }

  static async start(name: TestEngine["name"], chain: OwnChain): Promise<GatedEngine> {
    const engine = await startEngine(name);
    const connection = await connect(chain.home);
    connection.rpc.close();
    const start = gateStart(chain.home, engine.directory, engine.host, connection.profile);
    // The daemon's own view of its files: a modern engine has others than this machine.
    const plugin = `daochain-test-${process.pid}-${name}`;
    const directory = `/proc/${engine.pid}/root/etc/docker/plugins`;
    mkdirSync(directory, { recursive: true });
    const spec = join(directory, `${plugin}.spec`);
    writeFileSync(spec, `unix://${start.socket}`);
    const gated = new GatedEngine(engine, start, spec);
    await gated.serve();
    gated.#configure([plugin]);
    // Something that nobody but the gate refuses so.
    while ((await gated.ask("POST", "/nothing")).status !== 403) await sleep(20);
    return gated;
  }

  get socket(): string {
    return this.#start.socket;
  }

  /** Serves the gate, with other options than before where some are given. */
  async serve(options: Partial<DockerGateStart> = {}): Promise<void> {
    await this.gate?.close();
    this.#start = { ...this.#start, ...options };
    this.gate = await serveDockerGate(this.#start);
    for (let tries = 0; tries < 200 && !this.gate.status.isReady; tries++) await sleep(20);
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
    const text = readFileSync(this.#start.log ?? "", { encoding: "utf8", flag: "a+" });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#spec, { force: true });
    await this.engine.stop();
    await this.gate?.close();
  }
}
