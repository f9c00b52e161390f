/**
 * Breaks the contracts one place at a time (conditions, comparisons, role checks, statements, bounds), and tells which breaks no
 * test notices. A break that random acts (those of the differential test) do not show is put before the tests in
 * test/contract/registry. Compiles in memory.
 *
 *     node scripts/mutate-contract.ts [TEXT...]      only breaks whose description holds one of the texts
 *     node scripts/mutate-contract.ts --part=K/N     only each Nth break, from the Kth; K may be "commit", which the commit chooses:
 *                                                    the same commit always has the same breaks, and N commits most of them
 */
import { type ChildProcess, fork, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { RegistryBench, type RegistryCode } from "../test/support/registry.ts";
import { RegistryModel } from "../test/support/registry-model.ts";
import { actors, RegistryWorld } from "../test/support/registry-world.ts";
import { compileSolidity, readSource } from "../test/support/solidity.ts";
import { explained, findMutants, type Mutant, mutate } from "./mutation/mutants.ts";

const root = join(import.meta.dirname, "..");
const files = [
  "Approvals",
  "ClaimHash",
  "DaoChainRegistry",
  "IDaoChainRegistry",
  "Namespaces",
  "OrganisationLog",
  "RegistryActs",
  "RegistryState",
  "RegistryViews",
  "WaitingActs",
];
const sources = Object.fromEntries(
  files.map((name) => [`contracts/${name}.sol`, readSource(`contracts/${name}.sol`)]),
);
/** With the product's own settings: without the optimizer the stack is too deep. */
const output = {
  outputSelection: {
    "contracts/DaoChainRegistry.sol": { DaoChainRegistry: ["abi", "evm.bytecode.object"] },
    "contracts/RegistryActs.sol": { RegistryActs: ["abi", "evm.bytecode.object"] },
  },
};

type Outcome = "acts" | "tests" | "compiler" | "survived";

function compile(changed: Readonly<Record<string, string>>): RegistryCode | undefined {
  try {
    const compiled = compileSolidity(changed, output);
    const [registry, acts] = ["DaoChainRegistry", "RegistryActs"].map((name) => compiled.get(name)?.bytecode);
    return registry === undefined || acts === undefined ? undefined : { registry, acts };
  } catch {
    return undefined;
  }
}

/** What random acts, the same at each run, bring to light of a contract: its answers, its logs, its state in the end. */
async function* transcript(code: RegistryCode): AsyncGenerator<string> {
  let drawn = 1;
  const next = (): number => {
    drawn = (Math.imul(drawn, 1_103_515_245) + 12_345) & 0x7fffffff;
    return drawn >> 8;
  };
  const scene = [
    [0, 2, 1, 1, 1, 0, 1],
    [0, 2, 1, 1, 2, 1, 1],
  ];
  for (let run = 0; run < 3; run++) {
    const bench = await RegistryBench.deploy(31337, code);
    try {
      const world = new RegistryWorld(bench, new RegistryModel(actors[0] ?? ""));
      await bench.setNextTime(2_000_000_000);
      await bench.rpc("evm_mine");
      for (let index = 0; index < 200; index++) {
        const numbers = scene[index] ?? Array.from({ length: 40 }, next);
        const { contract, transaction } = await world.act(numbers);
        const receipt =
          transaction === undefined ? undefined : await bench.rpc("eth_getTransactionReceipt", transaction);
        const logs = (receipt as { logs: { topics: string[]; data: string }[] } | undefined)?.logs ?? [];
        yield JSON.stringify([contract, logs.map(({ topics, data }) => [topics, data])]);
      }
      yield JSON.stringify((await world.state()).contract);
    } finally {
      await bench.close();
    }
  }
}

const expected: string[] = [];

/** Whether those acts tell the contract from the intact one. */
async function actsNotice(code: RegistryCode): Promise<boolean> {
  if (expected.length === 0) {
    const intact = compile(sources);
    if (intact === undefined) throw new Error("The contracts do not compile.");
    for await (const line of transcript(intact)) expected.push(line);
  }
  let at = 0;
  try {
    for await (const line of transcript(code)) if (line !== expected[at++]) return true;
  } catch {
    // Such as a panic, which is none of the contract's errors.
    return true;
  }
  return false;
}

/** Whether a test in test/contract/registry fails with this contract in place of the product's. */
function testsNotice(code: RegistryCode, directory: string): Promise<boolean> {
  const file = join(directory, "registry.json");
  writeFileSync(file, JSON.stringify(code));
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const args = [
    vitest,
    "run",
    "--project",
    "contract",
    "--bail",
    "1",
    "--maxWorkers",
    "1",
    "test/contract/registry",
  ];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, DAOCHAIN_TEST_REGISTRY: file },
    stdio: "ignore",
  });
  return new Promise((resolve) => child.once("exit", (code) => resolve(code !== 0)));
}

async function judge(mutant: Mutant, directory: string): Promise<Outcome> {
  const code = compile(mutate(sources, mutant));
  if (code === undefined) return "compiler";
  if (await actsNotice(code)) return "acts";
  return (await testsNotice(code, directory)) ? "tests" : "survived";
}

/** The arguments with the commit resolved, so that all processes of a run mean the same breaks. */
const selection = process.argv
  .slice(2)
  .map((argument) =>
    argument.replace(
      /^--part=commit\/(\d+)$/,
      (_, parts: string) => `--part=${commitNumber() % Number(parts)}/${parts}`,
    ),
  );

/** A number that the commit gives; 0 where the checkout has none. */
function commitNumber(): number {
  const { stdout } = spawnSync("git", ["rev-parse", "HEAD"], { cwd: root, encoding: "utf8" });
  return Number.parseInt(stdout?.slice(0, 8) || "0", 16) || 0;
}

const [, part = "0", parts = "1"] =
  selection.map((text) => /^--part=(\d+)\/(\d+)$/.exec(text)).find((match) => match !== null) ?? [];
const texts = selection.filter((argument) => !argument.startsWith("--"));
const mutants = findMutants(sources)
  .filter((_, index) => index % Number(parts) === Number(part) % Number(parts))
  .filter(({ description }) => texts.length === 0 || texts.some((text) => description.includes(text)));

if (process.send !== undefined) {
  // A worker: judges what it is given until it is given nothing.
  const directory = mkdtempSync(join(tmpdir(), "daochain-mutants-"));
  process.on("message", async (index: number) => {
    const mutant = mutants[index];
    if (mutant === undefined) {
      rmSync(directory, { recursive: true, force: true });
      process.disconnect();
    } else process.send?.({ index, outcome: await judge(mutant, directory) });
  });
  process.on("disconnect", () => process.exit());
  process.send({});
} else {
  await main();
}

async function main(): Promise<void> {
  const started = Date.now();
  const intact = compile(sources);
  if (intact === undefined) throw new Error("The contracts do not compile.");
  const directory = mkdtempSync(join(tmpdir(), "daochain-mutants-"));
  const falseAlarm = (await actsNotice(intact)) || (await testsNotice(intact, directory));
  rmSync(directory, { recursive: true, force: true });
  if (falseAlarm) throw new Error("The tests fail though nothing is broken.");

  const outcomes = new Map<Outcome, number>();
  const survivors: Mutant[] = [];
  let next = 0;
  const work = (worker: ChildProcess): Promise<void> =>
    new Promise((resolve, reject) => {
      worker.on("message", ({ index, outcome }: { index?: number; outcome?: Outcome }) => {
        const mutant = index === undefined ? undefined : mutants[index];
        if (mutant !== undefined && outcome !== undefined) {
          outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
          if (outcome === "survived") survivors.push(mutant);
          if (outcome === "survived" || process.env["CI"] === undefined) {
            console.log(`${outcome.padEnd(8)} ${mutant.description}`);
          }
        }
        worker.send(next++);
      });
      worker.once("exit", (code) =>
        code === 0 ? resolve() : reject(new Error(`A worker ended with ${code}.`)),
      );
    });
  const workers = Array.from({ length: Math.min(2, availableParallelism()) }, () =>
    fork(import.meta.filename, selection),
  );
  await Promise.all(workers.map(work));

  const unexplained = survivors.filter((mutant) => explained(mutant) === undefined);
  for (const mutant of survivors) {
    console.log(`\n${mutant.description}\n  ${explained(mutant) ?? "SURVIVED, and nothing explains it"}`);
  }
  const counts = [...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(", ");
  const seconds = Math.round((Date.now() - started) / 1000);
  const which = parts === "1" ? "" : ` (part ${part} of ${parts})`;
  console.log(
    `\n${mutants.length} breaks${which} in ${seconds} s: ${counts}; ${unexplained.length} unexplained`,
  );
  process.exitCode = unexplained.length === 0 ? 0 : 1;
}
