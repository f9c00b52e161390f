import type { Rpc } from "../rpc/json-rpc.ts";

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
