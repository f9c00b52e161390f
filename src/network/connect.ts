import type { Connection, NetworkProfile } from "../contract/connection.ts";
import { requirePinnedChain, requirePinnedContract } from "../contract/pinned.ts";
import { findEmbeddedChain } from "../embedded-chain/launch.ts";
import { failure } from "../errors.ts";
import type { Home } from "../home.ts";
import { identifyingCalls, toIdentity } from "../rpc/identify.ts";
import { JsonRpc } from "../rpc/json-rpc.ts";
import { requireNetworkProfile } from "./profile.ts";

/**
 * Connects to the network of this home and checks that it is the pinned one: chain id, genesis hash, contract code.
 * @param options.rpcUrl an endpoint to use instead of the profile's
 * @throws CHAIN_MISSING, CHAIN_NOT_RUNNING, RPC_URL_MISSING, RPC_URL_INVALID; CHAIN_NOT_PINNED, CONTRACT_NOT_PINNED, CHAIN_UNIDENTIFIED; as
 *   `readNetworkProfile` and `JsonRpc.callAll`
 */
export async function connect(
  home: Home,
  options: { rpcUrl?: string | undefined; signal?: AbortSignal | undefined } = {},
): Promise<Connection> {
  const profile = await requireNetworkProfile(home);
  const rpc = new JsonRpc(options.rpcUrl ?? (await urlOf(home, profile)), options.signal);
  try {
    await checkPinned(rpc, profile);
  } catch (error) {
    rpc.close();
    throw error;
  }
  return { rpc, profile, locks: home.locks };
}

async function urlOf(home: Home, { embedded, rpcUrls: [first] }: NetworkProfile): Promise<string> {
  const url = embedded ? await findEmbeddedChain({ directory: home.chain }) : first;
  if (url !== undefined) return url;
  throw embedded ? failure("CHAIN_NOT_RUNNING") : failure("RPC_URL_MISSING", { path: home.network });
}

async function checkPinned(rpc: JsonRpc, profile: NetworkProfile): Promise<void> {
  const [chainId, genesis, code] = await rpc.callAll([
    ...identifyingCalls,
    ["eth_getCode", profile.registry, "latest"],
  ]);
  requirePinnedChain(rpc, profile, toIdentity(rpc, chainId, genesis));
  requirePinnedContract(rpc, profile, code);
}
