import { isRegistryCode } from "../contract/code.ts";
import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { findEmbeddedChain } from "../embedded-chain/launch.ts";
import { DaoChainError } from "../errors.ts";
import type { Home } from "../home.ts";
import { identifyingCalls, toIdentity } from "../rpc/identify.ts";
import { JsonRpc, JsonRpcFailure } from "../rpc/json-rpc.ts";
import { readNetworkProfile } from "./profile.ts";

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
