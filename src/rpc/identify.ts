import { DaoChainError } from "../errors.ts";
import { JsonRpcFailure, type Rpc, type RpcCall } from "./json-rpc.ts";

/** What a chain is told apart by. */
export const identifyingCalls: readonly RpcCall[] = [["eth_chainId"], ["eth_getBlockByNumber", "0x0", false]];

/** @returns chain id and genesis hash of the chain behind an endpoint. @throws CHAIN_UNREACHABLE, CHAIN_FAILED */
export async function identifyChain(rpc: Rpc): Promise<{ chainId: number; genesisHash: string }> {
  const [chainId, genesis] = await rpc.callAll(identifyingCalls);
  return toIdentity(rpc, chainId, genesis);
}

/** @throws CHAIN_FAILED where the answers are not those of a chain */
export function toIdentity(
  rpc: Rpc,
  chainId: unknown,
  genesis: unknown,
): { chainId: number; genesisHash: string } {
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
