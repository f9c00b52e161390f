import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { homeAt } from "../../src/home.ts";
import { addUnattendedAccount } from "./light-account.ts";
import { requireSchema } from "./schemas.ts";

/** The built command line: what users run is what these tests run. */
export const cliPath = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/** How a process of the command line ended. */
export interface CliResult {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** what is piped into stdin; nothing without */
  readonly input?: string;
  /** a signal to send after so many milliseconds, or once this has been printed to stdout */
  readonly interrupt?: { readonly signal: NodeJS.Signals; readonly after: number | string };
}

/** A home of its own, with the command line run in it; gone with what runs in it when the test ends. */
export class CliHome implements AsyncDisposable {
  readonly directory: string;
  readonly #env: Readonly<Record<string, string | undefined>>;

  private constructor(directory: string, env: Readonly<Record<string, string | undefined>>) {
    this.directory = directory;
    this.#env = env;
  }

  /** @param dockerHost undefined: an address where no engine is */
  static async create(dockerHost?: string): Promise<CliHome> {
    const directory = await mkdtemp(join(tmpdir(), "daochain-e2e-"));
    return new CliHome(directory, {
      PATH: process.env["PATH"],
      HOME: directory,
      DAOCHAIN_HOME: join(directory, "home"),
      DOCKER_HOST: dockerHost ?? `unix://${join(directory, "no-engine.sock")}`,
    });
  }

  /** The same with an account that opens quickly, for tests that are not about keys. @param dockerHost as of `create` */
  static async withAccount(dockerHost?: string): Promise<CliHome> {
    const home = await CliHome.create(dockerHost);
    await addUnattendedAccount(homeAt(home.path("home")));
    return home;
  }

  /** The environment that commands run in. */
  get env(): Readonly<Record<string, string | undefined>> {
    return this.#env;
  }

  path(...names: string[]): string {
    return join(this.directory, ...names);
  }

  /** Runs one command to its end. */
  run(arguments_: readonly string[], options: CliOptions = {}): Promise<CliResult> {
    return runProcess(process.execPath, [cliPath, ...arguments_], {
      ...options,
      env: { ...this.#env, ...options.env },
    });
  }

  /** Starts one command, for a test to stop when it is ready. */
  start(arguments_: readonly string[]): {
    readonly ended: Promise<CliResult>;
    kill(signal: NodeJS.Signals): void;
  } {
    let send: (signal: NodeJS.Signals) => void = () => {};
    const ended = runProcess(process.execPath, [cliPath, ...arguments_], {
      env: this.#env,
      onStart: (kill) => {
        send = kill;
      },
    });
    return { ended, kill: (signal) => send(signal) };
  }

  /** Runs one command with `--json`, and reads what it printed, which must be what its schema in docs/schemas says. */
  async json<T = Record<string, unknown>>(
    arguments_: readonly string[],
    options: CliOptions = {},
  ): Promise<CliResult & { value: T }> {
    const result = await this.run([...arguments_, "--json"], options);
    let value: T;
    try {
      value = JSON.parse(result.stdout) as T;
    } catch (cause) {
      throw new Error(
        `daochain ${arguments_.join(" ")} ended with ${result.code} and no JSON:\n${result.stdout}${result.stderr}`,
        { cause },
      );
    }
    requireSchema(arguments_, value);
    return { ...result, value };
  }

  /** Runs one command on a terminal (a pty), typing each answer when its question has been asked. */
  terminal(
    arguments_: readonly string[],
    dialogue: readonly (readonly [question: string, answer: string])[],
  ): Promise<CliResult> {
    const command = [process.execPath, cliPath, ...arguments_]
      .map((word) => `'${word.replaceAll("'", `'\\''`)}'`)
      .join(" ");
    const remaining = [...dialogue];
    return runProcess(
      "script",
      ["--quiet", "--return", "--echo", "always", "--command", command, "/dev/null"],
      {
        env: { ...this.#env, TERM: "xterm" },
        onOutput: (all, type) => {
          const next = remaining[0];
          if (next === undefined || !all.includes(next[0])) return all;
          remaining.shift();
          type(`${next[1]}\r`);
          return all.slice(all.indexOf(next[0]) + next[0].length);
        },
      },
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.run(["down", "--quiet"]);
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** Runs a program to its end, within two minutes. */
export function runProcess(
  program: string,
  arguments_: readonly string[],
  options: CliOptions & {
    /** sees the output that no answer has used up yet; returns what is still unused */
    readonly onOutput?: (output: string, type: (text: string) => void) => string;
    readonly onStart?: (kill: (signal: NodeJS.Signals) => void) => void;
  } = {},
): Promise<CliResult> {
  return new Promise((resolve, reject) => {
    const env = Object.fromEntries(
      Object.entries(options.env ?? process.env).filter(([, value]) => value !== undefined),
    );
    const child = spawn(program, arguments_, { env, stdio: ["pipe", "pipe", "pipe"], timeout: 120_000 });
    options.onStart?.((signal) => child.kill(signal));
    let [stdout, stderr, unused] = ["", "", ""];
    let isInterrupted = false;
    const { interrupt } = options;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      if (typeof interrupt?.after === "string" && stdout.includes(interrupt.after) && !isInterrupted) {
        isInterrupted = true;
        child.kill(interrupt.signal);
      }
      unused = options.onOutput?.(unused + text, (answer) => child.stdin.write(answer)) ?? "";
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      stderr += text;
    });
    child.stdin.on("error", () => {});
    if (options.onOutput === undefined) child.stdin.end(options.input ?? "");
    const timer =
      typeof interrupt?.after === "number"
        ? setTimeout(() => child.kill(interrupt.signal), interrupt.after)
        : undefined;
    child.on("error", reject);
    child.on("close", (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, stdout, stderr });
    });
  });
}
