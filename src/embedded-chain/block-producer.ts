import { keccak256 } from "ethers";
import { DaoChainError, failure, isDaoChainError } from "../errors.ts";
import { type Block, type Engine, EngineError } from "./engine.ts";
import type { Journal } from "./journal.ts";
import { type JournalRecord, maximumBlockBytes, maximumTransactions } from "./journal-format.ts";
import { type AdmittedTransaction, TransactionPool } from "./transaction-pool.ts";

/** Bytes of transactions that may wait for a block; more are refused until some are written. */
const maximumQueuedBytes = 67_108_864;
const maximumQueued = 10_000;

interface Waiting {
  readonly transaction: AdmittedTransaction;
  readonly resolve: (hash: string) => void;
  readonly reject: (error: Error) => void;
}

/**
 * The one way into the chain. Transactions that arrive while a block is being written wait and become the next one
 * together: one sync of the disk carries them all.
 */
export class BlockProducer {
  readonly #engine: Engine;
  readonly #journal: Journal;
  readonly #pool: TransactionPool;
  readonly #blockGasLimit: number;
  readonly #onBlock: (block: Block) => void;
  readonly #onFatal: (error: unknown) => void;
  readonly #inFlight = new Map<string, Promise<string>>();
  #queue: Waiting[] = [];
  #queuedBytes = 0;
  #head: Block;
  #closed = false;
  #running: Promise<void> | undefined;

  /**
   * @param options.head the block that the next one follows
   * @param options.onBlock told of each block once it is on the disk and executed, before it is acknowledged
   * @param options.onFatal told once when the chain cannot go on; nothing is acknowledged after that
   */
  constructor(options: {
    engine: Engine;
    journal: Journal;
    blockGasLimit: number;
    head: Block;
    onBlock: (block: Block) => void;
    onFatal: (error: unknown) => void;
  }) {
    this.#engine = options.engine;
    this.#journal = options.journal;
    this.#pool = new TransactionPool(options.engine);
    this.#blockGasLimit = options.blockGasLimit;
    this.#head = options.head;
    this.#onBlock = options.onBlock;
    this.#onFatal = options.onFatal;
  }

  get head(): Block {
    return this.#head;
  }

  nextNonce(account: string): Promise<number> {
    return this.#pool.nextNonce(account);
  }

  /**
   * Resolves when the transaction stands in a block that is on the disk and executed. Sending one again that is mined or
   * on its way gives its hash again.
   *
   * @param raw signed and serialised, `0x` and hex
   * @returns its hash
   * @throws EngineError for a transaction that is refused, DaoChainError NO_SPACE, BLOCK_FAILED, or as `Journal.append`
   */
  async submit(raw: string): Promise<string> {
    this.#checkRoom();
    let transaction: AdmittedTransaction;
    try {
      transaction = await this.#pool.admit(raw);
    } catch (error) {
      const known = await this.#known(raw, error);
      if (known === undefined) throw error;
      return known;
    }
    if (this.#closed) {
      this.#pool.forget([transaction]);
      throw new EngineError(-32000, "the chain is shutting down");
    }
    const mined = new Promise<string>((resolve, reject) => {
      this.#queue.push({ transaction, resolve, reject });
    });
    this.#queuedBytes += transaction.raw.length;
    this.#inFlight.set(transaction.hash, mined);
    this.#running ??= this.#run();
    return mined.finally(() => this.#inFlight.delete(transaction.hash));
  }

  /** Refuses further transactions and waits until those that were admitted are written. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  #checkRoom(): void {
    if (this.#closed) throw new EngineError(-32000, "the chain is shutting down");
    if (this.#queue.length >= maximumQueued || this.#queuedBytes >= maximumQueuedBytes) {
      throw new EngineError(-32005, "too many transactions are waiting; send this one again later");
    }
  }

  /** The hash of a refused transaction when it was refused for being on the chain, or on its way, already. */
  async #known(raw: string, refusal: unknown): Promise<string | undefined> {
    if (!(refusal instanceof EngineError) || !/^0x(?:[0-9a-f]{2})+$/i.test(raw)) return undefined;
    const hash = keccak256(raw);
    const inFlight = this.#inFlight.get(hash);
    if (inFlight !== undefined) return inFlight;
    return (await this.#engine.request("eth_getTransactionByHash", [hash])) === null ? undefined : hash;
  }

  async #run(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        // Those who are at the door already come along.
        await this.#pool.settled();
        await this.#write(this.#takeBatch());
      }
    } catch (error) {
      this.#closed = true;
      this.#onFatal(error);
    } finally {
      this.#running = undefined;
    }
  }

  /** As many of those who wait, in their order, as fit into one block even if each uses all the gas it may. */
  #takeBatch(): Waiting[] {
    let gas = 0;
    let bytes = 0;
    let count = 0;
    for (const { transaction } of this.#queue) {
      gas += transaction.gasLimit;
      bytes += transaction.raw.length;
      if (gas > this.#blockGasLimit || bytes > maximumBlockBytes || count === maximumTransactions) break;
      count += 1;
    }
    return this.#dequeue(count);
  }

  #dequeue(count: number): Waiting[] {
    const taken = this.#queue.splice(0, count);
    for (const { transaction } of taken) this.#queuedBytes -= transaction.raw.length;
    return taken;
  }

  async #write(batch: readonly Waiting[]): Promise<void> {
    // Never ahead of the wall clock, unless the clock was set back: then time stands until it has caught up.
    const timestamp = Math.max(Math.floor(Date.now() / 1000), this.#head.timestamp);
    const transactions = batch.map(({ transaction }) => transaction.raw);
    const record = { number: this.#head.number + 1, parentHash: this.#head.hash, timestamp, transactions };
    try {
      await this.#journal.append(record);
    } catch (error) {
      // Those behind build on the nonces of these, so they go together.
      this.#fail([...batch, ...this.#dequeue(this.#queue.length)], error);
      if (isDaoChainError(error, "NO_SPACE")) return;
      throw error;
    }
    try {
      const block = await this.#engine.mine(timestamp, transactions);
      checkBlock(
        block,
        record,
        batch.map(({ transaction }) => transaction.hash),
      );
      this.#head = block;
      this.#onBlock(block);
    } catch (error) {
      // Not acknowledged, so it may go; left in, the journal could never be executed again.
      this.#journal.withdrawLast();
      this.#fail([...batch, ...this.#dequeue(this.#queue.length)], error);
      throw error;
    }
    for (const { transaction, resolve } of batch) resolve(transaction.hash);
  }

  #fail(waiting: readonly Waiting[], error: unknown): void {
    this.#pool.forget(waiting.map(({ transaction }) => transaction));
    const reason = error instanceof DaoChainError ? error : failure("BLOCK_FAILED", {}, { cause: error });
    for (const { reject } of waiting) reject(reason);
  }
}

/**
 * @param hashes expected hashes of the transactions, in order; undefined: only their number is checked
 * @throws BLOCK_DIFFERS when the engine made anything but the block that was recorded
 */
export function checkBlock(block: Block, record: JournalRecord, hashes?: readonly string[]): void {
  const wrong = [
    block.number === record.number ? undefined : "number",
    block.parentHash === record.parentHash ? undefined : "parent",
    block.timestamp === record.timestamp ? undefined : "timestamp",
    block.transactions.length === record.transactions.length ? undefined : "number of transactions",
    hashes?.every((hash, index) => hash === block.transactions[index]) === false ? "transactions" : undefined,
  ].filter((field) => field !== undefined);
  if (wrong.length === 0) return;
  throw failure("BLOCK_DIFFERS", { number: record.number, what: wrong.join(", ") });
}
