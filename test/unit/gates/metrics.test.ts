import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { type DecisionLine, DecisionLog } from "../../../src/gates/log.ts";
import { GateMetrics } from "../../../src/gates/metrics.ts";
import { temporaryDirectory } from "../../support/embedded-chain.ts";

it("metrics count decisions by gate and status, and how long they took", () => {
  const metrics = new GateMetrics();
  metrics.count("docker", "verified", true, 0.002);
  metrics.count("docker", "verified", true, 0.2);
  metrics.count("docker", "unsigned", false, 60);
  const lines = metrics.format({ block: 12, staleness: 0.5, isReady: true }, true).split("\n");
  expect(lines).toContain('daochain_gate_decisions_total{gate="docker",status="verified",allowed="true"} 2');
  expect(lines).toContain('daochain_gate_decisions_total{gate="docker",status="unsigned",allowed="false"} 1');
  expect(lines).toContain('daochain_gate_decision_seconds_bucket{gate="docker",le="0.0025"} 1');
  expect(lines).toContain('daochain_gate_decision_seconds_bucket{gate="docker",le="10"} 2');
  expect(lines).toContain('daochain_gate_decision_seconds_bucket{gate="docker",le="+Inf"} 3');
  expect(lines).toContain('daochain_gate_decision_seconds_count{gate="docker"} 3');
  expect(lines).toContain("daochain_gate_head_block 12");
  expect(lines).toContain("daochain_gate_ready 1");
  const unknown = metrics
    .format({ block: undefined, staleness: undefined, isReady: false }, false)
    .split("\n");
  expect(unknown).toContain("daochain_gate_ready 0");
  expect(unknown).toContain("daochain_gate_policy_current 0");
  expect(unknown.some((line) => line.startsWith("daochain_gate_head_block "))).toBe(false);
});

const decision = (image: string): DecisionLine => ({
  time: "2030-01-01T00:00:00Z",
  gate: "docker",
  action: "create",
  image,
  id: null,
  status: "unsigned",
  allowed: false,
  policy: "default",
  level: "strict",
  reason: "",
  organisation: null,
  claim: null,
  depth: "id",
  block: 1,
  staleness: 0,
  milliseconds: 1,
});

it("a log has one line for each decision, in their order, and none that repaints a terminal", async () => {
  await using directory = await temporaryDirectory();
  const file = join(directory.path, "log");
  let lost = 0;
  const log = new DecisionLog(file, (lines) => {
    lost += lines;
  });
  for (let at = 0; at < 1000; at++) log.write(decision(`image ${at}\u001b[2J\n`));
  await log.flush();
  const lines = readFileSync(file, "utf8").trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line).image)).toEqual(
    Array.from({ length: 1000 }, (_, at) => `image ${at}\u001b[2J\n`),
  );
  expect(lines.join("")).not.toContain("\u001b");
  expect(lost).toBe(0);
});

it("a log that cannot be written counts what it lost, and holds nothing up", async () => {
  let lost = 0;
  const log = new DecisionLog("/dev/full", (lines) => {
    lost += lines;
  });
  for (let at = 0; at < 3; at++) log.write(decision("x"));
  await log.flush();
  expect(lost).toBe(3);
});

it.each([
  ["full", 'exec "$@" 2>/dev/full'],
  ["without a reader", '"$@" 2>&1 >&3 3>&- | true'],
])("a log on a stderr that is %s counts what it lost", async (_name, shell) => {
  const module = fileURLToPath(new URL("../../../src/gates/log.ts", import.meta.url));
  const program = `
    const { DecisionLog } = await import(${JSON.stringify(module)});
    process.stderr.on("error", () => {});
    let lost = 0;
    const log = new DecisionLog(undefined, (lines) => { lost += lines; });
    for (let at = 0; at < 3; at++) log.write({});
    await log.flush();
    process.stdout.write(String(lost));
  `;
  const script = `{ ${shell}; } 3>&1`;
  const node = [process.execPath, "--input-type=module", "--eval", program];
  const { stdout } = await promisify(execFile)("bash", ["-c", script, "bash", ...node]);
  expect(stdout).toBe("3");
});
