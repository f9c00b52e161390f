import {
  CANCUN,
  ContractDecoder,
  EdrContext,
  L1_CHAIN_TYPE,
  l1ProviderFactory,
  MineOrdering,
  type Provider,
} from "@nomicfoundation/edr";
import { type ChainConfiguration, maximumGas } from "./configuration.ts";
import { type Block, type CheckedTransaction, type Engine, EngineError } from "./engine.ts";

/** EDR allows one context in a process. */
let shared: Promise<EdrContext> | undefined;

function context(): Promise<EdrContext> {
  shared ??= (async () => {
    const created = new EdrContext();
    await created.registerProviderFactory(L1_CHAIN_TYPE, l1ProviderFactory());
    return created;
  })();
  return shared;
}

/**
 * Hardhat's execution engine as ours: no accounts, no fees, no automatic mining, no forking, no logging.
 * Version 0.20.0 exactly; the golden journal's test decides on any other.
 */
export async function openEdrEngine(configuration: ChainConfiguration): Promise<Engine> {
  const provider = await (await context()).createProvider(
    L1_CHAIN_TYPE,
    {
      // Block times follow the wall clock, in whole seconds, at more than one block a second.
      allowBlocksWithSameTimestamp: true,
      allowUnlimitedContractSize: false,
      bailOnCallFailure: true,
      bailOnTransactionFailure: false,
      // EIP-1559 raises the fee of blocks fuller than limit / elasticity: with 1 there are none, and it stays 0.
      baseFeeConfig: [
        { activation: { blockNumber: 0n }, maxChangeDenominator: 8n, elasticityMultiplier: 1n },
      ],
      chainId: BigInt(configuration.chainId),
      coinbase: new Uint8Array(20),
      defaultTransactionGasLimit: BigInt(maximumGas),
      genesisState: [],
      hardfork: CANCUN,
      initialBaseFeePerGas: 0n,
      initialParentBeaconBlockRoot: Buffer.from(configuration.parentBeaconBlockRoot.slice(2), "hex"),
      minGasPrice: 0n,
      mining: {
        autoMine: false,
        blockGasLimit: BigInt(configuration.blockGasLimit),
        memPool: { order: MineOrdering.Fifo },
      },
      network: {
        genesisBlockGasLimit: BigInt(configuration.blockGasLimit),
        genesisBlockTime: BigInt(configuration.genesisTimestamp),
      },
      networkId: BigInt(configuration.chainId),
      observability: {},
      ownedAccounts: [],
      precompileOverrides: [],
    },
    { enable: false, decodeConsoleLogInputsCallback: () => [], printLineCallback: () => undefined },
    { subscriptionCallback: () => undefined },
    new ContractDecoder(),
  );
  return new EdrEngine(provider);
}

class EdrEngine implements Engine {
  readonly version = "edr/0.20.0";
  readonly #provider: Provider;
  #last: Promise<unknown> = Promise.resolve();

  constructor(provider: Provider) {
    this.#provider = provider;
  }

  genesis(): Promise<Block> {
    return this.#exclusively(() => this.#block("0x0"));
  }

  check(transaction: Uint8Array): Promise<CheckedTransaction> {
    return this.#exclusively(async () => {
      // The engine judges what enters its pool; between blocks nothing stays in there.
      const hash = await this.#ask("eth_sendRawTransaction", [toHex(transaction)]);
      try {
        const fields = fieldsOf(await this.#ask("eth_getTransactionByHash", [hash]), "transaction");
        const v = Number(fields("v"));
        return {
          hash: fields("hash"),
          sender: fields("from"),
          nonce: Number(fields("nonce")),
          gasLimit: Number(fields("gas")),
          namesChain: fields("type") !== "0x0" || (v !== 27 && v !== 28),
        };
      } finally {
        await this.#ask("hardhat_dropTransaction", [hash]);
      }
    });
  }

  mine(timestamp: number, transactions: readonly Uint8Array[]): Promise<Block> {
    return this.#exclusively(async () => {
      for (const transaction of transactions) {
        await this.#ask("eth_sendRawTransaction", [toHex(transaction)]);
      }
      await this.#ask("evm_mine", [`0x${timestamp.toString(16)}`]);
      return this.#block("latest");
    });
  }

  synchroniseClock(): Promise<void> {
    return this.#exclusively(async () => {
      const latest = await this.#block("latest");
      const behind = Math.floor(Date.now() / 1000) - latest.timestamp;
      // Mining a block left the engine's clock near its timestamp. A head in the future (the machine's clock was set
      // back) needs nothing: time goes on from there.
      if (behind > 0) await this.#ask("evm_increaseTime", [behind]);
    });
  }

  request(method: string, parameters: readonly unknown[]): Promise<unknown> {
    return this.#exclusively(() => this.#ask(method, parameters));
  }

  /** One at a time: EDR would block a thread for each that waits, and nobody may see a block half made. */
  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #ask(method: string, parameters: readonly unknown[]): Promise<unknown> {
    let data: unknown;
    try {
      const response = await this.#provider.handleRequest(
        JSON.stringify({ jsonrpc: "2.0", id: 1, method, params: parameters }),
      );
      data = typeof response.data === "string" ? JSON.parse(response.data) : response.data;
    } catch (error) {
      throw new EngineError(-32603, error instanceof Error ? error.message : "the engine failed");
    }
    if (typeof data === "object" && data !== null) {
      if ("error" in data) throw toEngineError(data.error);
      if ("result" in data) return data.result;
    }
    throw new EngineError(-32603, `the engine gave no answer to ${method}`);
  }

  async #block(tag: string): Promise<Block> {
    const block = await this.#ask("eth_getBlockByNumber", [tag, false]);
    const text = fieldsOf(block, "block");
    const transactions: unknown =
      typeof block === "object" && block !== null && "transactions" in block && block.transactions;
    if (!Array.isArray(transactions)) throw new EngineError(-32603, `block ${tag} has no transactions`);
    return {
      number: Number(text("number")),
      hash: text("hash"),
      parentHash: text("parentHash"),
      timestamp: Number(text("timestamp")),
      gasUsed: Number(text("gasUsed")),
      transactions: transactions.map(String),
    };
  }
}

function toHex(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes).toString("hex")}`;
}

/** Reads the text fields of one of the engine's answers. */
function fieldsOf(answer: unknown, what: string): (name: string) => string {
  const fields = new Map<string, unknown>(
    typeof answer === "object" && answer !== null ? Object.entries(answer) : [],
  );
  return (name) => {
    const value = fields.get(name);
    if (typeof value !== "string") throw new EngineError(-32603, `the engine's ${what} has no ${name}`);
    return value;
  };
}

function toEngineError(error: unknown): EngineError {
  const fields = new Map<string, unknown>(
    typeof error === "object" && error !== null ? Object.entries(error) : [],
  );
  const code = fields.get("code");
  // Clients know this refusal by these words.
  const message = String(fields.get("message") ?? "the engine refused")
    .trim()
    .replace(
      /^Sender doesn't have enough funds to send tx\.?/,
      "insufficient funds for gas * price + value:",
    );
  const data = fields.get("data");
  const returned = typeof data === "object" && data !== null && "data" in data ? data.data : undefined;
  const reverted = /\brevert/i.test(message) && typeof returned === "string";
  return new EngineError(typeof code === "number" ? code : -32603, message, reverted ? returned : undefined);
}
