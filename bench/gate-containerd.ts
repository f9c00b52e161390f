/**
 * What asking the gate adds to a pull of containerd: whole processes of its verifier, from the shell that starts it to its end, beside those of
 * `node -e 0`, in turn; then a gate that is away, one that does not know the chain, and one that hangs. (npm run build first.)
 *
 *     node bench/gate-containerd.ts [RUNS]
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { wrapperText } from "../cli/install/verifier-wrapper.ts";
import { requireOrganisation } from "../src/contract/organisations.ts";
import { toPulledFacts } from "../src/gates/containerd/verify-request.ts";
import { connect } from "../src/network/connect.ts";
import { revokeDigests } from "../src/operations/revoke.ts";
import { signImage } from "../src/operations/sign.ts";
import { signerOf } from "../test/support/consortium.ts";
import { ContainerdGate } from "../test/support/containerd-gate.ts";
import { OwnChain } from "../test/support/own-chain.ts";

const runs = Number(process.argv[2] ?? 300);
const verifier = fileURLToPath(new URL("../dist/cli/containerd-verifier.js", import.meta.url));
const name = "docker.io/acme/api:1";
const digest = `sha256:${createHash("sha256").update("bench").digest("hex")}`;
const stdinMediaType = "application/vnd.oci.descriptor.v1+json";
const stdin = Buffer.from(
  JSON.stringify({ mediaType: "application/vnd.oci.image.manifest.v1+json", digest, size: 1024 }),
);

const directory = mkdtempSync(join(tmpdir(), "daochain-bench-"));
const wrapper = join(directory, "daochain");
const chain = await OwnChain.start();
const gate = await ContainerdGate.start(chain);
const connection = await connect(chain.home);

/** Milliseconds of one whole process. */
function time(program: string, arguments_: readonly string[], status: number): number {
  const start = process.hrtime.bigint();
  const ended = spawnSync(program, arguments_, { input: stdin });
  const taken = Number(process.hrtime.bigint() - start) / 1e6;
  if (ended.status !== status) throw new Error(`${program} ended with ${ended.status}: ${ended.stdout}`);
  return taken;
}
const ask = (status: number): number =>
  time(wrapper, ["-name", name, "-digest", digest, "-stdin-media-type", stdinMediaType], status);

const percentile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? 0;
const line = (what: string, values: readonly number[]): void =>
  console.log(
    `${what.padEnd(34)} p50 ${percentile(values, 0.5).toFixed(1)} ms   p99 ${percentile(values, 0.99).toFixed(1)} ms`,
  );

try {
  writeFileSync(wrapper, wrapperText(process.execPath, verifier, gate.socket));
  chmodSync(wrapper, 0o755);
  const acme = await requireOrganisation(connection, "acme");
  const facts = toPulledFacts({ name, digest, stdinMediaType, stdin });
  await signImage(connection, signerOf("acme"), acme, facts);
  await sleep(2000);
  const times = { node: [] as number[], verified: [] as number[], away: [] as number[] };
  for (let run = -5; run < runs; run++) {
    const node = time(process.execPath, ["-e", "0"], 0);
    const verified = ask(0);
    // The first few warm what is to be warm.
    if (run < 0) continue;
    times.node.push(node);
    times.verified.push(verified);
  }
  const decisions = gate
    .decisions()
    .slice(-runs)
    .map(({ milliseconds }) => Number(milliseconds));
  console.log(`${runs} processes each, Node ${process.version}`);
  line("node -e 0", times.node);
  line("the verifier, verified", times.verified);
  line("the gate's decisions", decisions);

  const digests = facts.subjects.map(({ digest }) => digest);
  await revokeDigests(connection, signerOf("acme"), acme, digests, "bench");
  const start = performance.now();
  for (;;) {
    try {
      ask(0);
    } catch {
      break;
    }
    // The gate's process needs a processor too.
    await sleep(10);
  }
  console.log(
    `revoked, then refused after ${Math.round(performance.now() - start)} ms   (goal: at most 2000 ms)`,
  );
  const memory = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${gate.pid}/status`, "utf8"))?.[1];
  console.log(`the gate's memory: ${(Number(memory) / 1024).toFixed(0)} MB`);

  await chain.pause();
  await gate.serve({ staleness: 1 }, false);
  console.log(`the chain is down: refused after ${ask(1).toFixed(0)} ms`);
  gate.signal("SIGSTOP");
  console.log(`the gate hangs: refused after ${ask(1).toFixed(0)} ms   (containerd waits 10000 ms)`);
  gate.signal("SIGCONT");
  await gate.end("SIGKILL");
  for (let run = 0; run < Math.min(runs, 100); run++) times.away.push(ask(1));
  line("the gate is away, refused", times.away);
} finally {
  connection.rpc.close();
  await gate[Symbol.asyncDispose]();
  await chain[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
}
