/**
 * The embedded chain with real claims, one to a block: what a claim takes over HTTP, what the process holds in memory, and how
 * long a start takes, at each size; beside the disk alone (the same bytes appended and synced one by one), which
 * no durable chain can beat, and the signing on the client's side, which is not the chain's.
 *
 *     node bench/embedded-chain.ts [CLAIMS...]
 */
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCreateAddress, Interface, id, type TransactionLike, Wallet } from "ethers";
import { claimDomain, claimTypes, noAnnotations, organisationId, toClaimStruct } from "../src/claim/claim.ts";
import { registryAbi, registryBytecode } from "../src/contract/artifact.ts";
import { toDigest } from "../src/digest/digest.ts";
import { readEmbeddedChain, startEmbeddedChain, stopEmbeddedChain } from "../src/embedded-chain/launch.ts";

const sizes = process.argv.slice(2).map(Number);
if (sizes.length === 0) sizes.push(1_000, 10_000, 30_000);
/** Claims over which the time of one is taken, at each size. */
const sample = 500;

const directory = await mkdtemp(join(tmpdir(), "daochain-bench-"));
const chainDirectory = join(directory, "chain");
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const registryInterface = new Interface(registryAbi);
const wallet = new Wallet(id("bench"));
const registry = getCreateAddress({ from: wallet.address, nonce: 0 });
let nonce = 0;
let url = "";

function rpc(method: string, ...params: unknown[]): Promise<unknown> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", "content-length": Buffer.byteLength(body) };
    const sent = request(url, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => {
        const { result, error } = JSON.parse(text);
        if (error === undefined) resolve(result);
        else reject(new Error(error.message));
      });
    });
    sent.on("error", reject).end(body);
  });
}

function sign(fields: TransactionLike): Promise<string> {
  return wallet.signTransaction({
    chainId: 2016,
    type: 0,
    gasPrice: 0,
    gasLimit: 6_000_000,
    nonce: nonce++,
    ...fields,
  });
}

async function signClaim(number: number): Promise<string> {
  const claim = toClaimStruct({
    organisation: organisationId("bench"),
    repository: `docker.io/bench/image-${number % 100}`,
    tag: `1.0.${number}`,
    subjects: [
      {
        kind: "config",
        digest: toDigest(`sha256:${id(`config ${number}`).slice(2)}`),
        platform: "linux/amd64",
      },
      {
        kind: "manifest",
        digest: toDigest(`sha256:${id(`manifest ${number}`).slice(2)}`),
        platform: "linux/amd64",
      },
    ],
    issuedAt: Math.floor(Date.now() / 1000),
    expiresAt: 0,
    annotations: noAnnotations,
  });
  const signature = await wallet.signTypedData(claimDomain({ chainId: 2016, registry }), claimTypes, claim);
  const approvals = [{ signer: wallet.address, signature }];
  return sign({
    to: registry,
    data: registryInterface.encodeFunctionData("submitClaim", [claim, approvals, ""]),
  });
}

async function send(raw: string): Promise<void> {
  const hash = await rpc("eth_sendRawTransaction", raw);
  const receipt = (await rpc("eth_getTransactionReceipt", hash)) as { status: string };
  if (receipt.status !== "0x1") throw new Error(`${hash} failed`);
}

async function start(): Promise<number> {
  const begin = performance.now();
  url = (await startEmbeddedChain({ directory: chainDirectory, port: 0 })).url;
  return performance.now() - begin;
}

/** Milliseconds for each of as many appends of so many bytes, each synced. */
function disk(bytes: number): number {
  const file = openSync(join(directory, "disk"), "w");
  const block = Buffer.alloc(bytes, 1);
  const begin = performance.now();
  for (let count = 0; count < sample; count++) {
    writeSync(file, block);
    fdatasyncSync(file);
  }
  closeSync(file);
  return (performance.now() - begin) / sample;
}

const rows: Record<string, string>[] = [];
try {
  await start();
  const deploy = registryBytecode + registryInterface.encodeDeploy([wallet.address]).slice(2);
  await send(await sign({ data: deploy }));
  const admit = ["bench", "Bench", wallet.address, true, [""]];
  await send(
    await sign({ to: registry, data: registryInterface.encodeFunctionData("admitOrganisation", admit) }),
  );
  let claims = 0;
  for (const size of sizes) {
    while (claims < size - sample) await send(await signClaim(claims++));
    const before = (await readEmbeddedChain({ directory: chainDirectory }))?.journalBytes ?? 0;
    let signing = 0;
    const signed: string[] = [];
    while (claims < size) {
      const begin = performance.now();
      signed.push(await signClaim(claims++));
      signing += performance.now() - begin;
    }
    let begin = performance.now();
    for (const raw of signed) await rpc("eth_sendRawTransaction", raw);
    const each = (performance.now() - begin) / signed.length;
    const status = await readEmbeddedChain({ directory: chainDirectory });
    const bytes = Math.round(((status?.journalBytes ?? 0) - before) / signed.length);
    begin = performance.now();
    const digest = id(`config ${claims - 1}`);
    const found = await rpc("eth_getLogs", { fromBlock: "0x0", toBlock: "latest", topics: [null, digest] });
    const search = performance.now() - begin;
    if (!Array.isArray(found) || found.length !== 1) throw new Error("the claim is not found by its digest");
    await stopEmbeddedChain({ directory: chainDirectory });
    const restart = await start();
    rows.push({
      claims: String(size),
      "claim, ms": each.toFixed(2),
      "disk alone, ms": disk(bytes).toFixed(2),
      "client's signing, ms": (signing / signed.length).toFixed(2),
      "find by digest, ms": search.toFixed(1),
      "memory, MB": ((status?.rss ?? 0) / 1e6).toFixed(0),
      "journal, MB": ((status?.journalBytes ?? 0) / 1e6).toFixed(1),
      "start, s": (restart / 1000).toFixed(1),
      "blocks/s at start": (size / (restart / 1000)).toFixed(0),
    });
    console.error(`${size} claims done`);
  }
  console.table(rows);
} finally {
  agent.destroy();
  await stopEmbeddedChain({ directory: chainDirectory });
  await rm(directory, { recursive: true, force: true });
}
