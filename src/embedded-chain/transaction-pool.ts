import { getBytes, keccak256 } from "ethers";
import { maximumGas } from "./configuration.ts";
import { type CheckedTransaction, type Engine, EngineError } from "./engine.ts";
import { maximumTransactionBytes } from "./journal-format.ts";

/** A transaction that the engine is sure to mine after those admitted before it. */
export interface AdmittedTransaction extends CheckedTransaction {
  readonly raw: Uint8Array;
}

/**
 * Decides what may be journalled. A record is written before it is executed, so whatever passes here must be minable: the
 * engine itself is asked for its rules (signature, chain, gas, funds), and what it would take and never mine, a nonce with a
 * gap before it, is refused here, as is what no careful client sends.
 */
export class TransactionPool {
  readonly #engine: Engine;
  /** the next nonce of each sender that was admitted once */
  readonly #nonces = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** The next nonce of an account, with what is admitted and not mined yet. */
  async nextNonce(account: string): Promise<number> {
    const mined = Number(await this.#engine.request("eth_getTransactionCount", [account, "latest"]));
    return this.#nonces.get(account.toLowerCase()) ?? mined;
  }

  /**
   * One after the other, in the order of the calls: each transaction builds on the nonces before it.
   *
   * @param raw a signed, serialised transaction as `0x` and hex
   * @throws EngineError naming the rule that it breaks
   */
  admit(raw: string): Promise<AdmittedTransaction> {
    const turn = this.#last.then(() => this.#admit(raw));
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Resolves when all that was offered until now is admitted or refused. */
  async settled(): Promise<void> {
    await this.#last;
  }

  /** Gives the nonces of transactions back that were admitted and could not be recorded. */
  forget(transactions: readonly AdmittedTransaction[]): void {
    for (const { sender, nonce } of transactions) {
      this.#nonces.set(sender, Math.min(nonce, this.#nonces.get(sender) ?? nonce));
    }
  }

  async #admit(raw: string): Promise<AdmittedTransaction> {
    if (raw.length > 2 + 2 * maximumTransactionBytes) {
      throw refuse(`the transaction is longer than ${maximumTransactionBytes} bytes`);
    }
    const bytes = getBytes(raw);
    const [type = 0] = bytes;
    // EIP-2718: a list is a legacy transaction. Blobs (3) and delegations (4) have no place here.
    if (type < 0xc0 && type !== 1 && type !== 2) throw refuse(`transactions of type ${type} are not taken`);
    const checked = await this.#engine.check(bytes);
    if (checked.hash !== keccak256(bytes)) throw refuse("bytes follow the transaction");
    if (!checked.namesChain) throw refuse("the transaction does not name its chain (EIP-155)");
    if (checked.gasLimit > maximumGas) {
      throw refuse(`the gas limit ${checked.gasLimit} is above the most allowed, ${maximumGas}`);
    }
    const { sender, nonce } = checked;
    const expected = await this.nextNonce(sender);
    // No await from here on: somebody else might give nonces back.
    if (nonce !== expected) {
      const wrong = nonce < expected ? "low" : "high";
      throw refuse(
        `nonce too ${wrong}: the next nonce of ${sender} is ${expected}, the transaction has ${nonce}`,
      );
    }
    this.#nonces.set(sender, expected + 1);
    return { ...checked, raw: bytes };
  }
}

function refuse(message: string): EngineError {
  return new EngineError(-32000, message);
}
