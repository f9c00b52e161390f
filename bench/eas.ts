import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BaseContract,
  ContractFactory,
  type InterfaceAbi,
  solidityPackedKeccak256,
  ZeroAddress,
  ZeroHash,
} from "ethers";
import type { Account } from "../test/support/registry.ts";

const version = "1.9.0";

interface Artifact {
  readonly abi: InterfaceAbi;
  readonly bytecode: string;
}

/** The artifacts that the real EAS publishes to npm, fetched for this run: its package brings a whole toolchain along. */
export function fetchEas(): Record<"EAS" | "SchemaRegistry", Artifact> {
  const directory = mkdtempSync(join(tmpdir(), "daochain-eas-"));
  try {
    const name = `@ethereum-attestation-service/eas-contracts@${version}`;
    const archive = execFileSync("npm", ["pack", "--silent", name], {
      cwd: directory,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    execFileSync("tar", ["-xzf", archive], { cwd: directory });
    const read = (contract: string): Artifact =>
      JSON.parse(
        readFileSync(
          join(directory, "package", "artifacts", "contracts", `${contract}.sol`, `${contract}.json`),
          "utf8",
        ),
      );
    return { EAS: read("EAS"), SchemaRegistry: read("SchemaRegistry") };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Gas of the real EAS for `data` of a schema, signed by one and sent by another, by `attestByDelegation`. */
export async function attestByDelegation(
  artifacts: ReturnType<typeof fetchEas>,
  attester: Account,
  relayer: Account,
  schema: string,
  data: string,
): Promise<bigint> {
  const deploy = async ({ abi, bytecode }: Artifact, ...args: unknown[]): Promise<BaseContract> =>
    (await new ContractFactory(abi, bytecode, relayer).deploy(...args)).waitForDeployment();
  const schemas = await deploy(artifacts.SchemaRegistry);
  const eas = await deploy(artifacts.EAS, await schemas.getAddress());
  await (await schemas.getFunction("register").send(schema, ZeroAddress, true)).wait();
  const uid = solidityPackedKeccak256(["string", "address", "bool"], [schema, ZeroAddress, true]);
  const request = {
    recipient: ZeroAddress,
    expirationTime: 0n,
    revocable: true,
    refUID: ZeroHash,
    data,
    value: 0n,
  };
  const chain = await relayer.provider?.getNetwork();
  const signature = await attester.signTypedData(
    {
      name: "EAS",
      // The package 1.9.0 holds the contract that calls itself 1.4.0.
      version: "1.4.0",
      chainId: chain?.chainId ?? 0n,
      verifyingContract: await eas.getAddress(),
    },
    {
      Attest: [
        { name: "attester", type: "address" },
        { name: "schema", type: "bytes32" },
        { name: "recipient", type: "address" },
        { name: "expirationTime", type: "uint64" },
        { name: "revocable", type: "bool" },
        { name: "refUID", type: "bytes32" },
        { name: "data", type: "bytes" },
        { name: "value", type: "uint256" },
        { name: "nonce", type: "uint256" },
        { name: "deadline", type: "uint64" },
      ],
    },
    { attester: attester.address, schema: uid, ...request, nonce: 0n, deadline: 0n },
  );
  const [r, s, v] = [
    signature.slice(0, 66),
    `0x${signature.slice(66, 130)}`,
    Number(`0x${signature.slice(130)}`),
  ];
  const sent = await eas
    .getFunction("attestByDelegation")
    .send({ schema: uid, data: request, signature: { v, r, s }, attester: attester.address, deadline: 0n });
  const receipt = await sent.wait();
  if (receipt?.status !== 1) throw new Error("EAS refused.");
  return receipt.gasUsed;
}
