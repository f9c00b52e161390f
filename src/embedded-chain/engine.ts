import type { ChainConfiguration } from "./configuration.ts";

/** A block as the engine made it. Hashes and raw bytes as `0x` and lowercase hex. */
export interface Block {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  /** seconds since 1970 */
  readonly timestamp: number;
  readonly gasUsed: number;
  /** hashes in the order of execution */
  readonly transactions: readonly string[];
}

/** What a transaction says, by the engine's reading. */
export interface CheckedTransaction {
  readonly hash: string;
  /** lowercase */
  readonly sender: string;
  readonly nonce: number;
  readonly gasLimit: number;
  /** whether its signature is good for this chain only (EIP-155) */
  readonly namesChain: boolean;
}

/** An engine's refusal, as JSON-RPC says it (https://www.jsonrpc.org/specification, section 5.1). */
export class EngineError extends Error {
  override readonly name = "EngineError";
  readonly code: number;
  /** what a reverted call returned, `0x` and hex; undefined when nothing was reverted */
  readonly revertData: string | undefined;

  constructor(code: number, message: string, revertData?: string) {
    super(message);
    this.code = code;
    this.revertData = revertData;
  }
}

/**
 * What executes the chain. It holds all state in memory and is rebuilt from the journal at each start, so it must be
 * deterministic: the same configuration and the same blocks give the same hashes, whatever was asked in between.
 */
export interface Engine {
  /** name and version, for `web3_clientVersion` */
  readonly version: string;
  /** Block 0. */
  genesis(): Promise<Block>;
  /**
   * Whether a transaction would be mined once those with lower nonces are. Nothing is changed.
   *
   * @param transaction signed, serialised (EIP-2718)
   * @throws EngineError for one that breaks a rule, but not for a gap before its nonce
   */
  check(transaction: Uint8Array): Promise<CheckedTransaction>;
  /**
   * Makes exactly one block of exactly these transactions, in this order.
   *
   * @param timestamp seconds since 1970, not before the parent's
   * @param transactions signed, serialised (EIP-2718)
   * @throws EngineError when a transaction is refused; the engine must not be used any more then
   */
  mine(timestamp: number, transactions: readonly Uint8Array[]): Promise<Block>;
  /**
   * Sets the clock that calls on the pending block see to the machine's. To be called once after a replay, whose
   * blocks left it in the past.
   */
  synchroniseClock(): Promise<void>;
  /**
   * Answers a read. The caller has checked method and parameters: an engine may know methods that change it.
   * @throws EngineError
   */
  request(method: string, parameters: readonly unknown[]): Promise<unknown>;
}

export type OpenEngine = (configuration: ChainConfiguration) => Promise<Engine>;
