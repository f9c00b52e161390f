// Start-up: the whole process of `daochain --help` beside that of `node -e 0`, in turn, on this machine.
// Run: node bench/start-up.ts [runs]     (npm run build first)
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const runs = Number(process.argv[2] ?? 31);
const cli = fileURLToPath(new URL("../dist/cli/main.js", import.meta.url));

const commands = {
  "node -e 0": ["-e", "0"],
  "daochain --help": [cli, "--help"],
  "daochain --version": [cli, "--version"],
  "daochain verify --help": [cli, "verify", "--help"],
} as const;

/** Milliseconds of one whole process. */
function time(arguments_: readonly string[]): number {
  const start = process.hrtime.bigint();
  const { status } = spawnSync(process.execPath, arguments_, { stdio: "ignore" });
  if (status !== 0) throw new Error(`${arguments_.join(" ")} ended with ${status}`);
  return Number(process.hrtime.bigint() - start) / 1e6;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

const times = new Map<string, number[]>();
for (let run = 0; run <= runs; run++) {
  for (const [name, arguments_] of Object.entries(commands)) {
    const taken = time(arguments_);
    // The first round only warms the caches.
    if (run > 0) times.set(name, [...(times.get(name) ?? []), taken]);
  }
}
const baseline = median(times.get("node -e 0") ?? []);
console.log(`median of ${runs} runs, Node ${process.version}`);
for (const [name, values] of times) {
  const own = median(values);
  console.log(
    `${name.padEnd(24)} ${own.toFixed(1).padStart(7)} ms   ${(own / baseline).toFixed(2)} times node -e 0`,
  );
}
