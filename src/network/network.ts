import { getAddress } from "ethers";
import { isRegistryCode } from "../contract/code.ts";
import { findEmbeddedChain } from "../embedded-chain/launch.ts";
import { DaoChainError } from "../errors.ts";
import { makePrivateDirectory, writeFileAtomic } from "../files.ts";
import { type Home, readJsonFile } from "../home.ts";
import { JsonRpc, JsonRpcFailure, type Rpc, type RpcCall } from "../rpc/json-rpc.ts";

/** A chain and the registry on it, pinned: an endpoint that is anything else is not believed. */
export interface NetworkProfile {
  readonly chainId: number;
  /** hash of block 0, `0x` and 64 hex digits */
  readonly genesisHash: string;
  /** the registry contract's address, checksummed */
  readonly registry: string;
  /** the embedded chain's URL is asked for at each use; others are listed here */
  readonly rpcUrls: readonly string[];
  readonly embedded: boolean;
}

/** A network that has been found to be the pinned one. */
export interface Connection {
  readonly rpc: Rpc;
  readonly profile: NetworkProfile;
  /** directory in which processes that act as one account take turns */
  readonly locks?: string;
  /** told of each transaction that the chain took, before it stands in a block */
  readonly onSent?: (transaction: string) => void;
}

/** @returns undefined before the first `up`. @throws CONFIGURATION_INVALID */
export async function readNetworkProfile(home: Home): Promise<NetworkProfile | undefined> {
  const fields = await readJsonFile(home.network);
  if (fields === undefined) return undefined;
  const { chainId, genesisHash, registry, rpcUrls, embedded } = fields;
  try {
    if (typeof chainId !== "number" || !Number.isSafeInteger(chainId)) throw new Error("chainId");
    if (typeof genesisHash !== "string" || !/^0x[0-9a-f]{64}$/.test(genesisHash))
      throw new Error("genesisHash");
    if (!Array.isArray(rpcUrls) || !rpcUrls.every((url) => typeof url === "string"))
      throw new Error("rpcUrls");
    return {
      chainId,
      genesisHash,
      registry: getAddress(String(registry)),
      rpcUrls,
      embedded: embedded === true,
    };
  } catch (cause) {
    throw new DaoChainError("CONFIGURATION_INVALID", `The network profile ${home.network} is not valid.`, {
      hint: "Repair it, or move it away and run daochain up.",
      cause,
    });
  }
}

/** @throws NO_SPACE, CONFIGURATION_INVALID */
export async function writeNetworkProfile(home: Home, profile: NetworkProfile): Promise<void> {
  await makePrivateDirectory(home.directory);
  await writeFileAtomic(home.network, `${JSON.stringify(profile, null, 2)}\n`);
}

/**
 * Connects to the network of this home and checks that it is the pinned one: chain id, genesis hash, contract code.
 * @param options.rpcUrl an endpoint to use instead of the profile's
 * @throws CHAIN_NOT_RUNNING, CHAIN_UNREACHABLE, CHAIN_FAILED, CHAIN_NOT_PINNED, CANCELLED
 */
export async function connect(
  home: Home,
  options: { rpcUrl?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Connection> {
  const profile = await readNetworkProfile(home);
  if (profile === undefined) {
    throw new DaoChainError("CHAIN_NOT_RUNNING", `There is no chain under ${home.directory} yet.`, {
      hint: "Run daochain up to make one.",
    });
  }
  const url = options.rpcUrl ?? (profile.embedded ? await embeddedUrl(home) : profile.rpcUrls[0]);
  if (url === undefined) {
    throw new DaoChainError("CHAIN_NOT_RUNNING", "The embedded chain is not running.", {
      hint: "Start it with daochain up.",
    });
  }
  const rpc = new JsonRpc(url, options.signal);
  try {
    await checkPinned(rpc, profile);
  } catch (error) {
    rpc.close();
    throw error;
  }
  return { rpc, profile, locks: home.locks };
}

const identifyingCalls: readonly RpcCall[] = [["eth_chainId"], ["eth_getBlockByNumber", "0x0", false]];

/** @returns chain id and genesis hash of the chain behind an endpoint. @throws CHAIN_UNREACHABLE, CHAIN_FAILED */
export async function identifyChain(rpc: Rpc): Promise<{ chainId: number; genesisHash: string }> {
  const [chainId, genesis] = await rpc.callAll(identifyingCalls);
  return toIdentity(rpc, chainId, genesis);
}

function toIdentity(rpc: Rpc, chainId: unknown, genesis: unknown): { chainId: number; genesisHash: string } {
  if (typeof chainId === "string" && /^0x[0-9a-f]{1,13}$/i.test(chainId)) {
    const hash =
      typeof genesis === "object" && genesis !== null && "hash" in genesis ? genesis.hash : undefined;
    if (typeof hash === "string" && /^0x[0-9a-f]{64}$/i.test(hash)) {
      return { chainId: Number(chainId), genesisHash: hash.toLowerCase() };
    }
  }
  throw new DaoChainError("CHAIN_FAILED", `The endpoint ${rpc.label} does not answer as a chain does.`, {
    hint: "Check DAOCHAIN_RPC_URL or the network profile.",
    cause: [chainId, genesis].find((answer) => answer instanceof JsonRpcFailure),
  });
}

async function checkPinned(rpc: JsonRpc, profile: NetworkProfile): Promise<void> {
  const hint =
    "It may be another network's endpoint, or a false one. The pinned values are in the network profile.";
  const [chainId, genesis, code] = await rpc.callAll([
    ...identifyingCalls,
    ["eth_getCode", profile.registry, "latest"],
  ]);
  const chain = toIdentity(rpc, chainId, genesis);
  if (code instanceof JsonRpcFailure) {
    throw new DaoChainError("CHAIN_FAILED", `The endpoint ${rpc.label} does not tell the registry's code.`, {
      cause: code,
    });
  }
  const differs = (what: string, expected: string | number, found: string | number): DaoChainError =>
    new DaoChainError(
      "CHAIN_NOT_PINNED",
      `The chain at ${rpc.label} has ${what} ${found}, not ${expected} as pinned.`,
      {
        hint,
      },
    );
  if (chain.chainId !== profile.chainId) throw differs("chain id", profile.chainId, chain.chainId);
  if (chain.genesisHash !== profile.genesisHash)
    throw differs("genesis hash", profile.genesisHash, chain.genesisHash);
  if (typeof code !== "string" || !isRegistryCode(code)) {
    throw new DaoChainError(
      "CHAIN_NOT_PINNED",
      `The contract at ${profile.registry} on ${rpc.label} is not the DaoChain registry.`,
      { hint },
    );
  }
}

function embeddedUrl(home: Home): Promise<string | undefined> {
  return findEmbeddedChain({ directory: home.chain });
}
