/**
 * Feeds each parser of what comes from outside with inputs that were valid before somebody changed them, a million by default, each
 * parser in a process of its own. It fails at the first input at which one crashes, hangs, takes what it must not, or says something that a second implementation
 * does not. The same seed makes the same inputs.
 *
 *     node bench/fuzz.ts [--inputs COUNT] [--seed NUMBER] [--target NAME] [--from NUMBER]
 */
import { fork } from "node:child_process";
import { once } from "node:events";
import { parseArgs } from "node:util";
import type { FuzzResult } from "../test/support/fuzz/target.ts";

const { values } = parseArgs({
  options: {
    inputs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "1" },
    target: { type: "string" },
    from: { type: "string", default: "0" },
  },
});
const settings = { inputs: Number(values.inputs), seed: Number(values.seed), from: Number(values.from) };
/** Seconds without a sign of life after which a parser counts as hanging. */
const SILENCE = 120;

interface Message {
  readonly inputs?: number;
  readonly result?: FuzzResult;
}

const { fuzzTargets } = await import("../test/support/fuzz/targets.ts");

/** In a process of its own: one parser. */
async function feed(name: string): Promise<void> {
  const { fuzz } = await import("../test/support/fuzz/target.ts");
  const target = fuzzTargets.find((one) => one.name === name);
  if (target === undefined) throw new Error(`There is no parser ${name}.`);
  const result = await fuzz(target, { ...settings, onProgress: (inputs) => process.send?.({ inputs }) });
  process.send?.({ result });
}

async function run(name: string): Promise<FuzzResult> {
  const child = fork(import.meta.filename, [...process.argv.slice(2), "--target", name], {
    env: { ...process.env, DAOCHAIN_FUZZ_CHILD: "1" },
  });
  let result: FuzzResult | undefined;
  let isSilent = false;
  const kill = () => {
    isSilent = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(kill, SILENCE * 1000);
  child.on("message", (message: Message) => {
    clearTimeout(timer);
    timer = setTimeout(kill, SILENCE * 1000);
    result = message.result ?? result;
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${message.inputs ?? settings.inputs} \x1b[K`);
  });
  await once(child, "exit");
  clearTimeout(timer);
  if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
  if (result === undefined) throw new Error(isSilent ? `${name} hangs.` : `${name} has failed.`);
  return result;
}

if (process.env["DAOCHAIN_FUZZ_CHILD"] !== undefined) {
  await feed(values.target ?? "");
  process.disconnect?.();
} else {
  const names = fuzzTargets.map(({ name }) => name).filter((name) => name === (values.target ?? name));
  console.log("| parser | inputs | accepted | refused | seconds | slowest, ms | peak MB |");
  console.log("|---|---:|---:|---:|---:|---:|---:|");
  for (const name of names) {
    const { inputs, accepted, refused, seconds, slowest, megabytes } = await run(name);
    const numbers = [
      inputs,
      accepted,
      refused,
      Math.round(seconds),
      Math.round(slowest * 1000),
      Math.round(megabytes),
    ];
    console.log(`| ${name} | ${numbers.map((number) => number.toLocaleString("en")).join(" | ")} |`);
  }
}
