/**
 * Gas of the registry's acts, each beside its floor or its peer in the same run; writes the table of docs/gas.md.
 * Floors are computed from what an act must do, as docs/gas.md says; peers are deployed and called.
 *
 *     node bench/registry-gas.ts
 */
import { readFileSync, writeFileSync } from "node:fs";
import { AbiCoder, ContractFactory, concat, type TransactionReceipt } from "ethers";
import { type ImageClaim, toClaimStruct } from "../src/claim/claim.ts";
import { registryInterface } from "../src/contract/contract.ts";
import { acme, RegistryBench, subject } from "../test/support/registry.ts";
import { compileSolidity, readSource } from "../test/support/solidity.ts";
import { attestByDelegation, fetchEas } from "./eas.ts";

const document = new URL("../docs/gas.md", import.meta.url);
const bench = await RegistryBench.deploy();
const { admin, signers } = await bench.admitAcme(2);
const [signer, second] = signers;
const relayer = bench.account(19);
if (signer === undefined || second === undefined) throw new Error("The bench has no signers.");

const three = (seed: string) => [
  subject(`${seed} config`),
  subject(`${seed} manifest`, { kind: "manifest" }),
  subject(`${seed} index`, { kind: "index", platform: "" }),
];

/** What every transaction pays: 21,000, and 16 or 4 for each byte of its data (EIP-2028). */
function entry(data: string): number {
  const bytes = Buffer.from(data.slice(2), "hex");
  return bytes.reduce((sum, byte) => sum + (byte === 0 ? 4 : 16), 21_000);
}

const newSlot = 22_100; // EIP-2929 and EIP-2200: a cold slot from zero to something
const coldRead = 2_100; // EIP-2929
const warmStore = 2_900; // EIP-2200 and EIP-2929: a slot that was read and is changed
const recover = 3_000; // the ecrecover precompile

function logs(receipt: TransactionReceipt): number {
  return receipt.logs.reduce(
    (sum, { topics, data }) => sum + 375 * (1 + topics.length) + 8 * (data.length / 2 - 1),
    0,
  );
}

/** Hashes that EIP-712 and the places of slots prescribe: 30 each and 6 for each word (Yellow Paper, appendix G). */
function hashes(claim: ImageClaim): number {
  const hash = (bytes: number): number => 30 + 6 * Math.ceil(bytes / 32);
  const texts = [claim.repository, claim.tag, ...claim.subjects.map(({ platform }) => platform)];
  const typed =
    claim.subjects.length * hash(4 * 32) + hash(claim.subjects.length * 32) + hash(8 * 32) + hash(66);
  const tagKey = hash(3 * 32);
  // The log: what was approved and that it counted, and the hash over each.
  const log = 2 * (hash(4 * 32) + hash(3 * 32));
  // Organisation 1, signer 2, record 2, revocation 2, head 1.
  const places = 8 * hash(64);
  return texts.reduce((sum, text) => sum + hash(Buffer.byteLength(text)), typed + tagKey + log + places);
}

async function submit(claim: ImageClaim) {
  const submission = await bench.submission(claim, [signer ?? relayer]);
  const { gasUsed, hash } = await bench.transact(relayer, "submitClaim", [...submission]);
  const receipt = await relayer.provider?.getTransactionReceipt(hash);
  if (!receipt) throw new Error("The transaction has no receipt.");
  const data = registryInterface().encodeFunctionData("submitClaim", submission);
  return { gas: Number(gasUsed), receipt, data };
}

const rows: [act: string, gas: number, beside: string, other: number | undefined, goal: string][] = [];
const claim = await bench.claim({ subjects: three("first") });
const single = await submit(claim);
const bare = entry(single.data) + 2 * newSlot;
const floor = bare + 3 * coldRead + warmStore + recover + logs(single.receipt) + hashes(claim);
rows.push(["a relayed claim, 3 subjects, 1 signer", single.gas, "its floor", floor, "at most 1.17"]);
rows.push(["the same", single.gas, "its bare floor (entry and slots alone)", bare, ""]);

const eas = fetchEas();
const struct = toClaimStruct(claim);
const whole = AbiCoder.defaultAbiCoder().encode(
  [registryInterface().getFunction("submitClaim")?.inputs[0] ?? ""],
  [struct],
);
const packed = concat([
  ...struct.subjects.map(({ digest }) => digest),
  Buffer.from(`${claim.repository}:${claim.tag}`),
]);
const lean = Number(
  await attestByDelegation(eas, signer, relayer, "bytes32[3] digests,string image", packed),
);
const full = Number(await attestByDelegation(eas, signer, relayer, "bytes claim", whole));
rows.push(["the same", single.gas, "EAS 1.9, digests and name alone, packed", lean, "at most 0.5"]);
rows.push(["the same", single.gas, "EAS 1.9, the whole claim", full, "at most 0.5"]);

const path = "bench/contracts/Reconstruction2016.sol";
const old = compileSolidity({ [path]: readSource(path) }).get("Reconstruction2016");
if (old === undefined) throw new Error("The reconstruction did not compile.");
const reconstruction = await (
  await new ContractFactory(old.abi, old.bytecode, signer).deploy()
).waitForDeployment();
const signed = await reconstruction
  .getFunction("sign")
  .send(`${claim.repository}:${claim.tag}`, claim.subjects[0]?.digest.slice("sha256:".length) ?? "");
const oldGas = Number((await signed.wait())?.gasUsed);
rows.push(["the same", single.gas, "2016, one digest, no signature (reconstruction)", oldGas, ""]);

const again = await submit({ ...claim, issuedAt: claim.issuedAt + 1 });
rows.push(["a claim of a tag that has a head", again.gas, "a tag's first", single.gas, ""]);

const hundred: ImageClaim[] = [];
for (let i = 0; i < 100; i++) {
  hundred.push({ ...claim, tag: `1.0.${i}`, subjects: three(`batch ${i}`) });
}
const batch = await bench.transact(relayer, "submitBatch", [
  ...(await bench.batchSubmission(hundred, [signer])),
]);
rows.push([
  "a claim in a batch of 100, one signature",
  Number(batch.gasUsed) / 100,
  "a single claim",
  single.gas,
  "at most 0.6",
]);

const calls: string[] = [];
for (let i = 0; i < 20; i++) {
  const one = { ...claim, tag: `2.0.${i}`, subjects: three(`call ${i}`) };
  calls.push(registryInterface().encodeFunctionData("submitClaim", await bench.submission(one, [signer])));
}
const multicall = await bench.transact(relayer, "multicall", [calls]);
rows.push(["a claim in a multicall of 20", Number(multicall.gasUsed) / 20, "a single claim", single.gas, ""]);

const root = await submit(await bench.claim({ tag: "", subjects: [subject("root", { platform: "" })] }));
rows.push([
  "a claim under a Merkle root of 10,000 (not built)",
  root.gas / 10_000,
  "in a batch of 100",
  Number(batch.gasUsed) / 100,
  "",
]);

const acts: [string, () => Promise<{ gasUsed: bigint }>][] = [
  [
    "a second approval, relayed",
    async () =>
      bench.transact(relayer, "approve", [acme, bench.idOf(claim), [await bench.approval(claim, second)]]),
  ],
  ["revoking a claim", () => bench.transact(signer, "revokeClaim", [acme, bench.idOf(claim), "CVE-2026-1"])],
  [
    "revoking 3 digests",
    () =>
      bench.transact(admin, "revokeDigests", [
        acme,
        struct.subjects.map(({ digest }) => digest),
        "CVE-2026-1",
      ]),
  ],
  [
    "replacing a signer",
    () => bench.transact(admin, "replaceSigner", [acme, second.address, bench.account(9).address]),
  ],
];
for (const [act, run] of acts) rows.push([act, Number((await run()).gasUsed), "", undefined, ""]);
await bench.close();

const number = (value: number): string => Math.round(value).toLocaleString("en");
const table = [
  "| act | gas | beside | gas | ratio | goal |",
  "|---|--:|---|--:|--:|---|",
  ...rows.map(([act, gas, beside, other, goal]) =>
    other === undefined
      ? `| ${act} | ${number(gas)} | | | | |`
      : `| ${act} | ${number(gas)} | ${beside} | ${number(other)} | ${(gas / other).toFixed(gas / other < 0.01 ? 5 : 3)} | ${goal} |`,
  ),
].join("\n");
console.log(table);
const text = readFileSync(document, "utf8");
const [start, end] = ["<!-- table -->", "<!-- /table -->"].map((mark) => text.indexOf(mark));
if (start === undefined || end === undefined || start < 0 || end < start) {
  throw new Error("docs/gas.md has no place for the table.");
}
writeFileSync(document, `${text.slice(0, start)}<!-- table -->\n${table}\n${text.slice(end)}`);
