import { failure } from "../errors.ts";
import { JsonRpcFailure, type Rpc, type RpcCall } from "./json-rpc.ts";

/** What a chain is told apart by. */
export const identifyingCalls: readonly RpcCall[] = [["eth_chainId"], ["eth_getBlockByNumber", "0x0", false]];

/** @returns chain id and genesis hash of the chain behind an endpoint. @throws CHAIN_UNIDENTIFIED, and as `JsonRpc.callAll` */
export async function identifyChain(rpc: Rpc): Promise<{ chainId: number; genesisHash: string }> {
  const [chainId, genesis] = await rpc.callAll(identifyingCalls);
  return toIdentity(rpc, chainId, genesis);
}

/** @throws CHAIN_UNIDENTIFIED where the answers are not those of a chain */
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
  const cause = [chainId, genesis].find((answer) => answer instanceof JsonRpcFailure);
  throw failure("CHAIN_UNIDENTIFIED", { endpoint: rpc.label }, { cause });
}
