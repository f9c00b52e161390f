import { spawn, spawnSync } from "node:child_process";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";

/** The built command line. */
export const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

export type Environment = Readonly<Record<string, string | undefined>>;

/** One run of a process, or of several that a shell ties together. */
export interface Sample {
  readonly milliseconds: number;
  /** the process's own peak, where it is one of ours */
  readonly megabytes?: number;
  /** what it printed, where it is one of ours */
  readonly output?: string;
}

/** What is measured: each is run in turn with the others, so that all see the same machine. */
export interface Contender {
  readonly name: string;
  run(): Promise<Sample>;
}

// VmHWM is of this program alone; getrusage's peak would count what its parent had before it.
const peak = `process.on("exit",()=>{try{const{readFileSync,writeSync}=process.getBuiltinModule("node:fs");
writeSync(3,/VmHWM:\\s*(\\d+)/.exec(readFileSync("/proc/self/status","latin1"))[1])}catch{}})`;
const reporting = `data:text/javascript,${encodeURIComponent(peak)}`;

/** Runs one program of Node's and waits for its end. */
export function runNode(arguments_: readonly string[], env: Environment): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn(process.execPath, ["--import", reporting, ...arguments_], {
      env,
      stdio: ["ignore", "pipe", "pipe", "pipe"],
    });
    let [output, kilobytes] = ["", ""];
    for (const stream of [child.stdout, child.stderr])
      stream?.on("data", (bytes) => {
        output += bytes;
      });
    child.stdio[3]?.on("data", (bytes) => {
      kilobytes += bytes;
    });
    child.on("error", reject);
    child.on("close", (code) => {
      const milliseconds = Number(process.hrtime.bigint() - begin) / 1e6;
      if (code !== 0) return reject(new Error(`${arguments_.join(" ")} ended with ${code}\n${output}`));
      resolve({ milliseconds, megabytes: (Number(kilobytes) * 1024) / 1e6, output });
    });
  });
}

/** Runs a shell's line and waits for its end. */
export function runShell(line: string, env: Environment): Promise<Sample> {
  return new Promise((resolve, reject) => {
    const begin = process.hrtime.bigint();
    const child = spawn("bash", ["-euo", "pipefail", "-c", line], {
      env,
      stdio: ["ignore", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code !== 0) return reject(new Error(`${line} ended with ${code}`));
      resolve({ milliseconds: Number(process.hrtime.bigint() - begin) / 1e6 });
    });
  });
}

/** Runs what prepares a measurement. */
export function prepare(program: string, arguments_: readonly string[], env: Environment): void {
  const { status, stderr } = spawnSync(program, arguments_, { env, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${arguments_.join(" ")} ended with ${status}\n${stderr}`);
}

export interface Measured {
  /** median, in milliseconds */
  readonly milliseconds: number;
  /** highest, where it is known */
  readonly megabytes: number;
}

/** Runs all in turn, so many times; medians by name. */
export async function measure(
  contenders: readonly Contender[],
  runs: number,
): Promise<ReadonlyMap<string, Measured>> {
  const samples = new Map<string, Sample[]>();
  for (let run = 0; run < runs; run++) {
    for (const { name, run: once } of contenders)
      samples.set(name, [...(samples.get(name) ?? []), await once()]);
    const [load = 0] = loadavg();
    console.error(`  run ${run + 1} of ${runs}, the machine's load ${load.toFixed(1)}`);
  }
  return new Map(
    [...samples].map(([name, all]) => [
      name,
      {
        milliseconds: median(all.map(({ milliseconds }) => milliseconds)),
        megabytes: Math.max(...all.map(({ megabytes }) => megabytes ?? 0)),
      },
    ]),
  );
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
