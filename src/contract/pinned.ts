import { type DaoChainError, failure } from "../errors.ts";
import { type Message, say } from "../messages/message.ts";
import type { Rpc } from "../rpc/json-rpc.ts";
import { isRegistryCode } from "./code.ts";
import type { NetworkProfile } from "./connection.ts";
import { toRegistryError } from "./contract.ts";

/** @throws CHAIN_NOT_PINNED where what an endpoint tells of its chain is not what the profile pins */
export function requirePinnedChain(
  { label }: Pick<Rpc, "label">,
  profile: Pick<NetworkProfile, "chainId" | "genesisHash">,
  found: { readonly chainId: number; readonly genesisHash: string },
): void {
  const differs = (what: Message, at: string | number, expected: string | number): DaoChainError =>
    failure("CHAIN_NOT_PINNED", { endpoint: label, what, found: at, expected });
  if (found.chainId !== profile.chainId)
    throw differs(say("pinned-chain-id"), found.chainId, profile.chainId);
  if (found.genesisHash !== profile.genesisHash)
    throw differs(say("pinned-genesis-hash"), found.genesisHash, profile.genesisHash);
}

/**
 * @param code as the endpoint answered eth_getCode for the registry's address
 * @throws CONTRACT_NOT_PINNED where it is not the registry's; CHAIN_REFUSED where the endpoint does not tell
 */
export function requirePinnedContract(rpc: Rpc, { registry }: NetworkProfile, code: unknown): void {
  if (code instanceof Error) throw toRegistryError(rpc, code);
  if (typeof code !== "string" || !isRegistryCode(code))
    throw failure("CONTRACT_NOT_PINNED", { registry, endpoint: rpc.label });
}
