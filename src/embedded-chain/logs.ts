import { type Block, type Engine, EngineError } from "./engine.ts";
import { invalidParameter, isObject, toAddress, toBlock, toHash } from "./rpc-parameters.ts";

/** Logs in one answer; a query that finds more must ask for fewer blocks. */
export const maximumLogs = 10_000;
const maximumAddresses = 100;
const maximumAlternatives = 100;
/** Gas of the blocks that the engine searches in one step; every other request waits for as long. */
const gasPerStep = 120_000_000;
const blocksPerStep = 20_000;

/** What a query asks for: a log matches if its address is among them and each topic is among its alternatives. */
export interface LogFilter {
  /** lowercase; empty for any */
  readonly addresses: readonly string[];
  /** by position, lowercase; empty for any topic, which must be there though */
  readonly topics: readonly (readonly string[])[];
  readonly range: { readonly from: number; readonly to: number } | { readonly blockHash: string };
}

/**
 * The log index: how much there may be in which blocks, from their gas, so that a search proceeds in steps of bounded
 * work and stops at the limit of its answer. Within a step the engine looks by the blocks' blooms, at a tenth of a
 * microsecond for each, which leaves little to gain for an index by topic.
 */
export class LogIndex {
  readonly #engine: Engine;
  /** gas used by the blocks up to and including each */
  readonly #gas: number[] = [];

  /** @param genesis block 0 */
  constructor(engine: Engine, genesis: Block) {
    this.#engine = engine;
    this.#gas.push(genesis.gasUsed);
  }

  /** Takes up the next block. */
  add(block: Block): void {
    this.#gas[block.number] = (this.#gas[block.number - 1] ?? 0) + block.gasUsed;
  }

  /**
   * @returns matching logs in the order of the chain, as `eth_getLogs` gives them
   * @throws EngineError: -32005 where more than maximumLogs match
   */
  async query(filter: LogFilter): Promise<unknown[]> {
    const where = {
      ...(filter.addresses.length === 0 ? {} : { address: filter.addresses }),
      topics: filter.topics.map((alternatives) => (alternatives.length === 0 ? null : alternatives)),
    };
    if ("blockHash" in filter.range) return this.#ask({ ...where, blockHash: filter.range.blockHash }, []);
    const found: unknown[] = [];
    const last = Math.min(filter.range.to, this.#gas.length - 1);
    for (let from = filter.range.from; from <= last; ) {
      const to = this.#stepEnd(from, last);
      await this.#ask(
        { ...where, fromBlock: `0x${from.toString(16)}`, toBlock: `0x${to.toString(16)}` },
        found,
      );
      from = to + 1;
    }
    return found;
  }

  async #ask(where: Record<string, unknown>, found: unknown[]): Promise<unknown[]> {
    const logs = await this.#engine.request("eth_getLogs", [where]);
    if (!Array.isArray(logs)) throw new EngineError(-32603, "the engine gave no logs");
    if (found.length + logs.length > maximumLogs) {
      throw new EngineError(-32005, `more than ${maximumLogs} logs match; ask for a smaller range of blocks`);
    }
    for (const log of logs) found.push(log);
    return found;
  }

  #stepEnd(from: number, last: number): number {
    const before = this.#gas[from - 1] ?? 0;
    let to = from;
    while (to < last && to - from < blocksPerStep && (this.#gas[to + 1] ?? 0) - before <= gasPerStep) to += 1;
    return to;
  }
}

/**
 * Reads the parameter of `eth_getLogs` (https://ethereum.github.io/execution-apis, "Filter").
 * @param head number of the latest block
 * @throws EngineError -32602
 */
export function toLogFilter(value: unknown, head: number): LogFilter {
  if (!isObject(value)) throw invalidParameter("the filter must be an object");
  return {
    addresses: toAlternatives(value["address"], maximumAddresses, (address) => toAddress(address, "address")),
    topics: toTopics(value["topics"]),
    range: toRange(value, head),
  };
}

function toTopics(value: unknown): string[][] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || value.length > 4) throw invalidParameter("topics must be a list of at most 4");
  return value.map((topic) => toAlternatives(topic, maximumAlternatives, (hash) => toHash(hash, "topic")));
}

/** null, one, or a list of alternatives; the list [null] and the empty one stand for anything. */
function toAlternatives(value: unknown, limit: number, read: (value: unknown) => string): string[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) return [read(value)];
  if (value.length > limit) throw invalidParameter(`a filter takes at most ${limit} alternatives`);
  return value.includes(null) ? [] : value.map(read);
}

function toRange(value: Record<string, unknown>, head: number): LogFilter["range"] {
  if (value["blockHash"] !== undefined && value["blockHash"] !== null) {
    const ends = [value["fromBlock"], value["toBlock"]];
    if (ends.some((end) => end !== undefined && end !== null)) {
      throw invalidParameter("a filter has either blockHash or a range of blocks");
    }
    return { blockHash: toHash(value["blockHash"], "blockHash") };
  }
  const number = (end: unknown): number => {
    const block = toBlock(end);
    if (typeof block !== "string") throw invalidParameter("a range is given by block numbers or tags");
    if (block === "earliest") return 0;
    return block === "latest" ? head : Number(block);
  };
  const range = { from: number(value["fromBlock"]), to: number(value["toBlock"]) };
  if (range.from > range.to) throw invalidParameter("fromBlock is after toBlock");
  return range;
}
