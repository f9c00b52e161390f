import { join } from "node:path";
import { failure } from "../errors.ts";
import { readSmallFile, writeFileAtomic } from "../files.ts";

/** The chain id of an embedded chain when none is asked for. */
export const defaultChainId = 2016;

/**
 * Most gas of one transaction, call or estimate (the cap of EIP-7825). The engine notes each step it executes, which takes
 * it up to 140 bytes per unit of gas while it lasts: a loop that burns all of this needs 2.3 GB for a second or two.
 */
export const maximumGas = 16_777_216;

/**
 * All that decides a chain's block hashes besides its transactions. Pinned in chain.json when the chain is created and
 * never changed: an engine that makes another genesis block of it is refused.
 */
export interface ChainConfiguration {
  readonly chainId: number;
  /** rules of execution: an Ethereum hardfork's name */
  readonly hardfork: "cancun";
  /** seconds since 1970 */
  readonly genesisTimestamp: number;
  readonly blockGasLimit: number;
  /** 32 bytes, `0x` and hex (EIP-4788) */
  readonly parentBeaconBlockRoot: string;
}

export interface PinnedConfiguration extends ChainConfiguration {
  readonly genesisHash: string;
}

/** The files of a chain in its directory. */
export function chainFiles(directory: string) {
  return {
    configuration: join(directory, "chain.json"),
    journal: join(directory, "journal"),
    made: join(directory, "made"),
    lock: join(directory, "lock"),
    process: join(directory, "process.json"),
    log: join(directory, "chain.log"),
  };
}

/** A new chain's configuration, its genesis at the machine's time. @throws CHAIN_ID_INVALID */
export function newConfiguration(chainId: number): ChainConfiguration {
  if (!isChainId(chainId)) {
    throw failure("CHAIN_ID_INVALID", { id: chainId });
  }
  return {
    chainId,
    hardfork: "cancun",
    genesisTimestamp: Math.floor(Date.now() / 1000),
    blockGasLimit: 60_000_000,
    parentBeaconBlockRoot: `0x${"00".repeat(32)}`,
  };
}

/**
 * @returns undefined where there is no chain yet
 * @throws CHAIN_FILE_INVALID for a file that is not one of ours, and as `readSmallFile`
 */
export async function readConfiguration(file: string): Promise<PinnedConfiguration | undefined> {
  const text = await readSmallFile(file, 65_536);
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    if (isPinned(value)) return value;
  } catch {
    // Said below.
  }
  throw failure("CHAIN_FILE_INVALID", { path: file });
}

/** @throws NO_SPACE, FILE_UNWRITABLE */
export async function writeConfiguration(file: string, pinned: PinnedConfiguration): Promise<void> {
  const value = { format: "daochain-embedded-chain", version: 1, engine: "edr", ...pinned };
  await writeFileAtomic(file, `${JSON.stringify(value, null, 2)}\n`);
}

function isChainId(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value > 0;
}

function isPinned(value: unknown): value is PinnedConfiguration {
  if (typeof value !== "object" || value === null) return false;
  const fields = new Map<string, unknown>(Object.entries(value));
  const isHash = (field: unknown): boolean => typeof field === "string" && /^0x[0-9a-f]{64}$/.test(field);
  return (
    fields.get("format") === "daochain-embedded-chain" &&
    fields.get("version") === 1 &&
    fields.get("engine") === "edr" &&
    fields.get("hardfork") === "cancun" &&
    isChainId(fields.get("chainId")) &&
    isChainId(fields.get("genesisTimestamp")) &&
    isChainId(fields.get("blockGasLimit")) &&
    isHash(fields.get("parentBeaconBlockRoot")) &&
    isHash(fields.get("genesisHash"))
  );
}
