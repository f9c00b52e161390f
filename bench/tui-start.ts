// First paint: from the start of the process to the first whole screen of `daochain tui`, beside a bare Ink hello-world of the same build,
// in turn, each on a pty, on this machine.
// Run: node bench/tui-start.ts [runs]     (npm run build first)
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildBeside } from "../test/support/build.ts";

const runs = Number(process.argv[2] ?? 31);
const allowed = 1.3;
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));
const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
const hello = await buildBeside("bench/tui-hello.tsx", join(directory, "hello"));

const programs = {
  "bare Ink": { arguments: [hello], until: "Hello, world" },
  "daochain tui": { arguments: [cli, "tui"], until: "help" },
} as const;

const env = {
  PATH: process.env["PATH"],
  HOME: directory,
  XDG_CACHE_HOME: join(directory, "cache"),
  HELLO_CACHE: join(directory, "cache", "hello"),
  DAOCHAIN_HOME: join(directory, "home"),
  DOCKER_HOST: `unix://${join(directory, "no-engine.sock")}`,
  TERM: "xterm-256color",
  LC_ALL: "C",
};

/** Milliseconds until a program has written something. */
function time(arguments_: readonly string[], until: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const command = [process.execPath, ...arguments_].map((word) => `'${word}'`).join(" ");
    const start = performance.now();
    const child = spawn("script", ["--quiet", "--return", "--command", `exec ${command}`, "/dev/null"], {
      env,
      stdio: ["pipe", "pipe", "ignore"],
    });
    const timer = setTimeout(() => child.kill("SIGTERM"), 20_000);
    let output = "";
    let taken: number | undefined;
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      if (taken !== undefined || !output.includes(until)) return;
      taken = performance.now() - start;
      child.stdin.write("\u0003");
    });
    child.on("error", reject);
    child.on("close", () => {
      clearTimeout(timer);
      if (taken === undefined) reject(new Error(`it ended without ${until}:\n${output}`));
      else resolve(taken);
    });
  });
}

const middle = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const times = new Map<string, number[]>();
try {
  for (let run = -2; run < runs; run++) {
    for (const [name, { arguments: arguments_, until }] of Object.entries(programs)) {
      const taken = await time(arguments_, until);
      // The first rounds only fill the caches.
      if (run >= 0) times.set(name, [...(times.get(name) ?? []), taken]);
    }
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
const baseline = middle(times.get("bare Ink") ?? []);
console.log(`median of ${runs} runs until the first whole screen, Node ${process.version}`);
for (const [name, values] of times) {
  const own = middle(values);
  console.log(
    `${name.padEnd(14)} ${own.toFixed(1).padStart(7)} ms   ${(own / baseline).toFixed(2)} times bare Ink`,
  );
}
const ratio = middle(times.get("daochain tui") ?? []) / baseline;
if (ratio > allowed) {
  console.log(`more than the ${allowed} times that are allowed`);
  process.exitCode = 1;
}
