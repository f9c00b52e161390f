import type { Block, Engine } from "./engine.ts";
import { maximumTransactionBytes } from "./journal-format.ts";
import { type LogIndex, toLogFilter } from "./logs.ts";
import {
  invalidParameter,
  toAddress,
  toBlock,
  toBoolean,
  toCall,
  toHash,
  toHex,
  toQuantity,
} from "./rpc-parameters.ts";

/** What the methods answer from. */
export interface ChainView {
  readonly engine: Engine;
  readonly chainId: number;
  readonly logs: LogIndex;
  head(): Block;
  nextNonce(account: string): Promise<number>;
  submit(raw: string): Promise<string>;
  status(): object;
}

export type Method = (parameters: readonly unknown[]) => Promise<unknown>;

const maximumStorageKeys = 64;
const maximumPercentiles = 100;

/**
 * Every method that the port answers to, and no other: the engine has some that mint, mine, impersonate or turn the clock.
 *
 * Calls and estimates on the latest block run as if in the next block, at the machine's time: an idle chain's latest block
 * may be a day old, and a contract that compares times would answer for yesterday. Those on a block given by number
 * or hash run in that block.
 */
export function chainMethods(view: ChainView): ReadonlyMap<string, Method> {
  const ask = (method: string, ...parameters: unknown[]) => view.engine.request(method, parameters);
  const inNextBlock = (block: unknown) => {
    const reference = toBlock(block);
    return reference === "latest" ? "pending" : reference;
  };
  const call: (method: string) => Method =
    (method) =>
    async ([transaction, block, ...overrides]) => {
      if (overrides.some((override) => override !== undefined && override !== null)) {
        throw invalidParameter("state and block overrides are not supported");
      }
      return ask(method, toCall(transaction), inNextBlock(block));
    };
  const atBlock: (method: string) => Method =
    (method) =>
    async ([account, block]) =>
      ask(method, toAddress(account, "the account"), toBlock(block));

  return new Map<string, Method>([
    ["eth_chainId", async () => `0x${view.chainId.toString(16)}`],
    ["net_version", async () => String(view.chainId)],
    ["web3_clientVersion", async () => `daochain/${view.engine.version}`],
    ["eth_blockNumber", async () => `0x${view.head().number.toString(16)}`],
    ["eth_gasPrice", async () => "0x0"],
    ["eth_maxPriorityFeePerGas", async () => "0x0"],
    ["eth_feeHistory", async (parameters) => ask("eth_feeHistory", ...toFeeHistory(parameters))],
    [
      "eth_getBlockByNumber",
      async ([block, full]) => {
        const reference = toBlock(block);
        if (typeof reference !== "string")
          throw invalidParameter("the block must be a tag or a number in hex");
        return ask("eth_getBlockByNumber", reference, toBoolean(full, "the second parameter"));
      },
    ],
    [
      "eth_getBlockByHash",
      async ([hash, full]) =>
        ask("eth_getBlockByHash", toHash(hash, "the block hash"), toBoolean(full, "the second parameter")),
    ],
    ["eth_getTransactionByHash", async ([hash]) => ask("eth_getTransactionByHash", toHash(hash, "the hash"))],
    [
      "eth_getTransactionReceipt",
      async ([hash]) => ask("eth_getTransactionReceipt", toHash(hash, "the hash")),
    ],
    [
      "eth_getTransactionCount",
      async ([account, block]) => {
        const address = toAddress(account, "the account");
        if (block === "pending") return `0x${(await view.nextNonce(address)).toString(16)}`;
        return ask("eth_getTransactionCount", address, toBlock(block));
      },
    ],
    ["eth_getBalance", atBlock("eth_getBalance")],
    ["eth_getCode", atBlock("eth_getCode")],
    [
      "eth_getStorageAt",
      async ([account, slot, block]) =>
        ask("eth_getStorageAt", toAddress(account, "the account"), toSlot(slot), toBlock(block)),
    ],
    [
      "eth_getProof",
      async ([account, slots, block]) => {
        if (!Array.isArray(slots) || slots.length > maximumStorageKeys) {
          throw invalidParameter(`storage keys must be a list of at most ${maximumStorageKeys}`);
        }
        return ask("eth_getProof", toAddress(account, "the account"), slots.map(toSlot), toBlock(block));
      },
    ],
    ["eth_call", call("eth_call")],
    ["eth_estimateGas", call("eth_estimateGas")],
    ["eth_getLogs", async ([filter]) => view.logs.query(toLogFilter(filter, view.head().number))],
    [
      "eth_sendRawTransaction",
      async ([raw]) => view.submit(toHex(raw, "the transaction", 1, maximumTransactionBytes)),
    ],
    ["daochain_status", async () => view.status()],
  ]);
}

/** A storage slot as the 32 bytes that engines want, from those or a quantity. */
function toSlot(value: unknown): string {
  return `0x${toQuantity(value, "the storage slot").slice(2).padStart(64, "0")}`;
}

function toFeeHistory([count, newest, percentiles]: readonly unknown[]): unknown[] {
  const blocks = typeof count === "number" ? count : Number(toQuantity(count, "the block count"));
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > 1024)
    throw invalidParameter("ask for 1 to 1024 blocks");
  if (percentiles === undefined || percentiles === null) return [`0x${blocks.toString(16)}`, toBlock(newest)];
  if (!Array.isArray(percentiles) || percentiles.length > maximumPercentiles) {
    throw invalidParameter(`percentiles must be a list of at most ${maximumPercentiles}`);
  }
  const numbers = percentiles.map(Number);
  if (numbers.some((number, index) => !(number >= (numbers[index - 1] ?? 0) && number <= 100))) {
    throw invalidParameter("percentiles must rise from 0 to 100");
  }
  return [`0x${blocks.toString(16)}`, toBlock(newest), numbers];
}
