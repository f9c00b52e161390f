import { getBytes, Transaction } from "ethers";
import { maximumGas } from "./configuration.ts";
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

/**
 * Decides what may be journalled. A record is written before it is executed, so whatever passes here must be minable: the
 * engine itself is asked, and what it would take and never mine, a nonce with a gap before it, is refused here.
 */
export class Admission {
  readonly #engine: Engine;
  readonly #chainId: number;
  /** the next nonce of each sender that was admitted once */
  readonly #nonces = new Map<string, number>();
  #last: Promise<void> = Promise.resolve();

  constructor(engine: Engine, chainId: number) {
    this.#engine = engine;
    this.#chainId = chainId;
  }

  /** The next nonce of an account, with what is admitted and not mined yet. */
  async nextNonce(account: string): Promise<number> {
    const mined = Number(await this.#engine.request("eth_getTransactionCount", [account, "latest"]));
    return this.#nonces.get(account.toLowerCase()) ?? mined;
  }

  /**
   * @param raw a signed, serialised transaction as `0x` and lowercase hex
   * @throws EngineError naming the rule that it breaks
   */
  async admit(raw: string): Promise<AdmittedTransaction> {
    const transaction = decode(raw, this.#chainId);
    const { from, hash } = transaction;
    if (from === null || hash === null) throw refuse("the transaction is not signed");
    const sender = from.toLowerCase();
    if (transaction.gasLimit > maximumGas) {
      throw refuse(`the gas limit ${transaction.gasLimit} is above the most allowed, ${maximumGas}`);
    }
    const admitted = { hash, raw: getBytes(raw), sender, nonce: transaction.nonce };
    // One after the other, in the order of their arrival: each builds on the nonces before it.
    const turn = this.#last.then(async () => {
      await this.#engine.check(admitted.raw);
      const expected = await this.nextNonce(sender);
      // No await from here on: somebody else might give nonces back.
      checkNonce(transaction, expected);
      this.#nonces.set(sender, expected + 1);
    });
    this.#last = turn.catch(() => undefined);
    await turn;
    return { ...admitted, gasLimit: Number(transaction.gasLimit) };
  }

  /** Gives the nonces of transactions back that were admitted and could not be recorded. */
  forget(transactions: readonly AdmittedTransaction[]): void {
    for (const { sender, nonce } of transactions) {
      this.#nonces.set(sender, Math.min(nonce, this.#nonces.get(sender) ?? nonce));
    }
  }
}

function decode(raw: string, chainId: number): Transaction {
  if (raw.length > 2 + 2 * maximumTransactionBytes) {
    throw refuse(`the transaction is longer than ${maximumTransactionBytes} bytes`);
  }
  let transaction: Transaction;
  let serialized: string;
  try {
    transaction = Transaction.from(raw);
    // Computed on first use, and some signatures are refused only then.
    void transaction.from;
    serialized = transaction.serialized;
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
  if (serialized !== raw) throw refuse("the transaction is not encoded canonically");
  return transaction;
}

function checkNonce({ from, nonce }: Transaction, expected: number): void {
  if (nonce === expected) return;
  const wrong = nonce < expected ? "low" : "high";
  throw refuse(`nonce too ${wrong}: the next nonce of ${from} is ${expected}, the transaction has ${nonce}`);
}

function refuse(message: string): EngineError {
  return new EngineError(-32000, message);
}
