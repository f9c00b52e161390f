import { getBytes, Transaction } from "ethers";
import { type Engine, EngineError } from "./engine.ts";
import { maximumTransactionBytes } from "./journal-format.ts";

/** A transaction that the engine is sure to mine after those admitted before it. */
export interface AdmittedTransaction {
  readonly hash: string;
  readonly raw: Uint8Array;
  readonly sender: string;
  readonly nonce: number;
  readonly gasLimit: number;
}

/** Codes of JSON-RPC errors as Ethereum clients use them (EIP-1474). */
export const invalidInput = -32000;

/**
 * Decides what may be journalled. A record is written before it is executed, so whatever passes here must be minable:
 * these are the rules that make an Ethereum transaction valid (yellow paper, section 6.2; EIP-2, 155, 2028, 2930, 1559, 2681, 3860),
 * with a nonce that follows the sender's last admitted one.
 */
export class Admission {
  readonly #engine: Engine;
  readonly #chainId: number;
  readonly #blockGasLimit: number;
  /** the next nonce of each sender that was admitted once */
  readonly #nonces = new Map<string, number>();

  constructor(engine: Engine, chainId: number, blockGasLimit: number) {
    this.#engine = engine;
    this.#chainId = chainId;
    this.#blockGasLimit = blockGasLimit;
  }

  /** The next nonce of an account, with what is admitted and not mined yet. */
  async nextNonce(account: string): Promise<number> {
    const mined = Number(await this.#engine.request("eth_getTransactionCount", [account, "latest"]));
    return this.#nonces.get(account.toLowerCase()) ?? mined;
  }

  /**
   * @param raw a signed, serialised transaction as `0x` and hex
   * @throws EngineError naming the rule that it breaks
   */
  async admit(raw: string): Promise<AdmittedTransaction> {
    const transaction = decode(raw, this.#chainId);
    const { from, hash } = transaction;
    if (from === null || hash === null) throw refuse("the transaction is not signed");
    const sender = from.toLowerCase();
    this.#checkGas(transaction);
    await this.#checkFunds(transaction, sender);
    const expected = await this.nextNonce(sender);
    // No await from here on: between reading the next nonce and setting it no other transaction may come in.
    if (transaction.nonce < expected) {
      throw refuse(
        `nonce too low: the next nonce of ${from} is ${expected}, the transaction has ${transaction.nonce}`,
      );
    }
    if (transaction.nonce > expected) {
      throw refuse(
        `nonce too high: the next nonce of ${from} is ${expected}, the transaction has ${transaction.nonce}`,
      );
    }
    this.#nonces.set(sender, expected + 1);
    return {
      hash,
      raw: getBytes(raw),
      sender,
      nonce: transaction.nonce,
      gasLimit: Number(transaction.gasLimit),
    };
  }

  /** Gives the nonces of transactions back that were admitted and could not be recorded. */
  forget(transactions: readonly AdmittedTransaction[]): void {
    for (const { sender, nonce } of transactions) {
      this.#nonces.set(sender, Math.min(nonce, this.#nonces.get(sender) ?? nonce));
    }
  }

  #checkGas(transaction: Transaction): void {
    const { gasLimit } = transaction;
    if (gasLimit > BigInt(this.#blockGasLimit)) {
      throw refuse(`the gas limit ${gasLimit} is above the block's, ${this.#blockGasLimit}`);
    }
    const intrinsic = intrinsicGas(transaction);
    if (gasLimit < BigInt(intrinsic)) {
      throw refuse(`intrinsic gas too low: the transaction needs ${intrinsic}, its gas limit is ${gasLimit}`);
    }
    if (transaction.to === null && byteLength(transaction.data) > maximumInitcodeBytes) {
      throw refuse(`the contract's creation code is longer than ${maximumInitcodeBytes} bytes`);
    }
  }

  async #checkFunds(transaction: Transaction, sender: string): Promise<void> {
    const { maxFeePerGas, maxPriorityFeePerGas, gasPrice, gasLimit, value } = transaction;
    if (maxFeePerGas !== null && maxPriorityFeePerGas !== null && maxPriorityFeePerGas > maxFeePerGas) {
      throw refuse("the priority fee is above the maximum fee");
    }
    const cost = value + gasLimit * (maxFeePerGas ?? gasPrice ?? 0n);
    if (cost === 0n) return;
    const balance = BigInt(String(await this.#engine.request("eth_getBalance", [sender, "latest"])));
    if (balance < cost)
      throw refuse(`insufficient funds for gas * price + value: have ${balance}, want ${cost}`);
  }
}

/** EIP-3860. */
const maximumInitcodeBytes = 49_152;

function decode(raw: string, chainId: number): Transaction {
  if (byteLength(raw) > maximumTransactionBytes) {
    throw refuse(`the transaction is longer than ${maximumTransactionBytes} bytes`);
  }
  let transaction: Transaction;
  try {
    transaction = Transaction.from(raw);
    // The signer is recovered on first use.
    void transaction.from;
  } catch {
    throw refuse("the transaction cannot be decoded, or its signature is not valid");
  }
  if (![0, 1, 2].includes(transaction.type ?? -1)) {
    throw refuse(`transactions of type ${transaction.type} are not taken`);
  }
  if (transaction.chainId !== BigInt(chainId)) {
    throw refuse(`invalid chain id: this is chain ${chainId}, the transaction is for ${transaction.chainId}`);
  }
  // One transaction has one encoding; ethers reads some more.
  if (transaction.serialized !== raw.toLowerCase())
    throw refuse("the transaction is not encoded canonically");
  return transaction;
}

/** Gas before the first instruction: yellow paper, appendix G, with EIP-2028, EIP-2930 and EIP-3860. */
function intrinsicGas(transaction: Transaction): number {
  const data = getBytes(transaction.data);
  let gas = 21_000;
  for (const byte of data) gas += byte === 0 ? 4 : 16;
  if (transaction.to === null) gas += 32_000 + 2 * Math.ceil(data.length / 32);
  for (const { storageKeys } of transaction.accessList ?? []) gas += 2_400 + 1_900 * storageKeys.length;
  return gas;
}

function byteLength(hex: string): number {
  return (hex.length - 2) / 2;
}

function refuse(message: string): EngineError {
  return new EngineError(invalidInput, message);
}
