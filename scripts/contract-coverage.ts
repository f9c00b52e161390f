/**
 * Which lines and statements of the contracts the tests in test/contract/registry reach. Hardhat instruments the contracts and
 * counts; vitest runs the tests with the instrumented registry in place of the product's. Hardhat knows no branches:
 * scripts/mutate-contract.ts sets every condition to true and to false instead.
 *
 *     node scripts/contract-coverage.ts
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
process.chdir(root);
process.env["HARDHAT_COVERAGE"] = "true";
const { default: hre } = await import("hardhat");
const { markTestRunDone, markTestRunStart } = await import("hardhat/internal/coverage");

const directory = mkdtempSync(join(tmpdir(), "daochain-coverage-"));
try {
  await hre.tasks.getTask("build").run({ quiet: true, force: true });
  const { bytecode: registry } = await hre.artifacts.readArtifact("DaoChainRegistry");
  const { bytecode: acts } = await hre.artifacts.readArtifact("RegistryActs");
  const file = join(directory, "registry.json");
  writeFileSync(file, JSON.stringify({ registry, acts }));
  await markTestRunStart("contract");
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [vitest, "run", "--project", "contract", "test/contract/registry"];
  const env = { ...process.env, DAOCHAIN_TEST_REGISTRY: file };
  const { status } = spawnSync(process.execPath, args, { env, stdio: "inherit" });
  if (status !== 0) throw new Error("The tests fail.");
  await markTestRunDone("contract");
} finally {
  rmSync(directory, { recursive: true, force: true });
  // The next build compiles the contracts as they are.
  delete process.env["HARDHAT_COVERAGE"];
  spawnSync(process.execPath, [
    join(root, "node_modules", "hardhat", "dist", "src", "cli.js"),
    "build",
    "--quiet",
    "--force",
  ]);
}

const missed = readFileSync("coverage/lcov.info", "utf8")
  .split("end_of_record")
  .flatMap((record) => {
    const file = /^SF:(.*)$/m.exec(record)?.[1] ?? "";
    return [...record.matchAll(/^DA:(\d+),0$/gm)].map(([, line]) => `${file}:${line}`);
  });
if (missed.length > 0) {
  console.error(`Lines that no test reaches: ${missed.join(", ")}`);
  process.exitCode = 1;
}
