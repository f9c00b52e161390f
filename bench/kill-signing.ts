/**
 * Kills the embedded chain's process at random moments while several keys sign images, begins again each time, and looks for every
 * claim whose signing was reported as done. Exits with 1 if one is lost. (bench/kill-nine.ts does the same with bare transactions.)
 *
 *     node bench/kill-signing.ts [KILLS] [SIGNERS]
 */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as daochain from "../src/internal.ts";
import { killProcess } from "../test/support/chain-process.ts";

const kills = Number(process.argv[2] ?? 100);
const count = Number(process.argv[3] ?? 4);
const home = daochain.homeAt(await mkdtemp(join(tmpdir(), "daochain-bench-")));
const signers = Array.from({ length: count }, () =>
  daochain.privateKeySigner(randomBytes(32).toString("hex")),
);
const [first] = signers;
if (first === undefined) throw new Error("At least one key must sign.");

const start = () => daochain.startEmbeddedChain({ directory: home.chain, port: 0 });
const reported: `0x${string}`[] = [];

/** An image of which only the digest matters here. */
function anyImage(): daochain.ImageFacts {
  const digest = daochain.toDigest(`sha256:${randomBytes(32).toString("hex")}`);
  return {
    image: digest,
    transport: "oci",
    name: { repository: "docker.io/acme/api", tag: digest.slice(7, 19), carried: true },
    depth: "content",
    layers: "config",
    notes: [],
    subjects: [{ kind: "config", digest, platform: "linux/amd64" }],
    corruptions: [],
    bytes: 0,
  };
}

async function signUntilKilled(signer: daochain.Signer): Promise<void> {
  try {
    const connection = await daochain.connect(home);
    const organisation = await daochain.requireOrganisation(connection, "local");
    for (;;) {
      const { claim } = await daochain.signImage(connection, signer, organisation, anyImage());
      if (claim !== null) reported.push(claim.id as `0x${string}`);
    }
  } catch (error) {
    // A killed process leaves its callers without an answer; any other error is a defect.
    if (!daochain.isDaoChainError(error, "CHAIN_UNREACHABLE", "CHAIN_NOT_RUNNING")) throw error;
  }
}

try {
  const { url } = await start();
  await daochain.bootstrap(home, url, { unlock: async () => first });
  const connection = await daochain.connect(home);
  for (const { address } of signers.slice(1)) {
    await daochain.changeOrganisation(connection, first, "local", { act: "add-signer", signer: address });
  }
  for (let kill = 1; kill <= kills; kill++) {
    const { pid } = await start();
    const signing = signers.map(signUntilKilled);
    await new Promise((resolve) => setTimeout(resolve, 50 + Math.random() * 400));
    await killProcess(pid);
    await Promise.all(signing);
    if (kill % 10 === 0) console.error(`${kill} kills, ${reported.length} signed`);
  }
  await start();
  const after = await daochain.connect(home);
  const organisation = await daochain.requireOrganisation(after, "local");
  let lost = 0;
  for (const id of reported) {
    const claim = await daochain.readClaim(after, organisation, id);
    if (claim === undefined || claim.threshold === 0) lost++;
  }
  console.log(
    `${count} keys, ${kills} kills: ${reported.length} claims reported as signed, ${lost} of them lost`,
  );
  process.exitCode = lost === 0 ? 0 : 1;
} finally {
  await daochain.stopEmbeddedChain({ directory: home.chain });
  await rm(home.directory, { recursive: true, force: true });
}
