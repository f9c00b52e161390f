import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { ContainerdGateStart } from "../../src/gates/containerd/serve.ts";
import type { Home } from "../../src/home.ts";
import { readNetworkProfile } from "../../src/network/profile.ts";
import { defaultPolicy, type Policy } from "../../src/policy/policy.ts";
import { ask } from "./docker-gate.ts";
import type { OwnChain } from "./own-chain.ts";

const program = fileURLToPath(new URL("containerd-gate-process.ts", import.meta.url));

/** What a gate is told, but for what cannot be passed on to another process. */
interface GateOptions extends Omit<ContainerdGateStart, "connect" | "onTrouble" | "policy"> {
  /** one for everything, or a file's path */
  readonly policy: Policy | string;
}

/** A gate in a process of its own that follows a chain. */
export class ContainerdGate implements AsyncDisposable {
  readonly #directory: string;
  readonly #home: Home;
  #options: GateOptions;
  #process: ChildProcess | undefined;

  private constructor(directory: string, home: Home, options: GateOptions) {
    this.#directory = directory;
    this.#home = home;
    this.#options = options;
  }

  static async start(chain: OwnChain): Promise<ContainerdGate> {
    const profile = await readNetworkProfile(chain.home);
    if (profile === undefined) throw new Error("The chain has no profile.");
    const directory = mkdtempSync(join(tmpdir(), "daochain-gate-"));
    const gate = new ContainerdGate(directory, chain.home, {
      profile,
      index: join(directory, "gate.sqlite"),
      socket: join(directory, "gate.sock"),
      policy: { ...defaultPolicy, newest: true },
      staleness: 60,
      log: join(directory, "decisions.jsonl"),
    });
    await gate.serve();
    return gate;
  }

  get socket(): string {
    return this.#options.socket;
  }

  /** of the gate's process */
  get pid(): number {
    return this.#process?.pid ?? 0;
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
    for (let tries = 0; tries < 500; tries++) {
      const answer = await ask(this.socket, "GET", "/ready").catch(() => undefined);
      if (answer?.status === 200 || (answer !== undefined && !decides)) return;
      await sleep(20);
    }
    throw new Error("The gate does not decide.");
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

  /** Has the gate's process stand still, or go on. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#process?.kill(signal);
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
    await this.end("SIGKILL");
    rmSync(this.#directory, { recursive: true, force: true });
  }
}
